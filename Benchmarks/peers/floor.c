// What SQLite itself takes for the rows: the floor under every engine that keeps them in it.
//
//     floor DATA FOLDER
//
// Rows by a 16-byte id in a table of their own, 1,000 a transaction, up to and with a checkpoint; then 2,000 single commits, then the
// edits of one in a hundred. Each of it durable (synchronous FULL), and the first once more as fast as it can be (NORMAL).
#define _GNU_SOURCE
#include "database.h"

static double insert_all(sqlite3 *database, const Row *rows, int count, int batch) {
    sqlite3_stmt *event = prepared(database, INSERT_EVENT), *begin = prepared(database, "BEGIN"), *commit = prepared(database, "COMMIT");
    double start = now();
    for (int index = 0; index < count; index++) {
        if (index % batch == 0) step(begin);
        insert(event, &rows[index]);
        if (index % batch == batch - 1 || index == count - 1) step(commit);
    }
    if (batch > 1) checkpoint(database);
    return now() - start;
}

static double update_all(sqlite3 *database, const Edit *edits, int count) {
    Updates updates = prepared_updates(database);
    double start = now();
    run(database, "BEGIN");
    for (int index = 0; index < count; index++) update(&updates, &edits[index]);
    run(database, "COMMIT");
    return now() - start;
}

int main(int argc, char **argv) {
    if (argc != 3) fail("usage: floor DATA FOLDER");
    int count, singles, edited;
    Row *rows = read_rows(argv[1], "records.tsv", &count), *more = read_rows(argv[1], "singles.tsv", &singles);
    Edit *edits = read_edits(argv[1], "edits1.tsv", &edited);
    char *path = path_of(argv[2], "floor.db");

    static const char *const modes[] = {"NORMAL", "FULL"};
    for (int mode = 0; mode < 2; mode++) {
        removed(path);
        sqlite3 *database = opened(path, modes[mode]);
        run(database, CREATE_EVENTS);
        double seconds = insert_all(database, rows, count, BATCH);
        tell("floor", "W1", mode ? "records_per_s" : "records_per_s_normal", count / seconds);
        tell("floor", "W1", "bytes_per_record", (double)file_size(path) / count);
        if (mode) {
            tell("floor", "W3", "warm_ms", update_all(database, edits, edited) * 1e3);
            tell("floor", "W1", "singles_per_s", singles / insert_all(database, more, singles, 1));
        }
        if (number(database, "SELECT count(*) FROM events") != count + (mode ? singles : 0)) fail("floor: rows are missing");
        closed(database);
    }
    removed(path);
    return 0;
}
