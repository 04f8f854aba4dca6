// SQLite's session extension: changesets beside plain rows, without merge rules.
//
//     session DATA FOLDER
//
// A writer keeps the changeset of each transaction of 1,000; a second database applies them all, then those of the edits. What crosses
// is compressed (zstd 3) outside what is timed.
#define _GNU_SOURCE
#include "database.h"
#include <zstd.h>

typedef struct {
    sqlite3 *database;
    sqlite3_stmt *begin, *commit, *keep, *kept;
} Writer;

static Writer writer_at(const char *path) {
    sqlite3 *database = opened(path, "NORMAL");
    run(database, CREATE_EVENTS);
    run(database, "CREATE TABLE changesets(seq INTEGER PRIMARY KEY, bytes BLOB)");
    return (Writer){database, prepared(database, "BEGIN"), prepared(database, "COMMIT"),
                    prepared(database, "INSERT INTO changesets(bytes) VALUES(?)"),
                    prepared(database, "SELECT bytes FROM changesets WHERE seq > ?")};
}

static sqlite3_session *recording(Writer *writer) {
    sqlite3_session *session = NULL;
    step(writer->begin);
    check(writer->database, sqlite3session_create(writer->database, "main", &session));
    check(writer->database, sqlite3session_attach(session, "events"));
    return session;
}

static void commit(Writer *writer, sqlite3_session *session) {
    int size;
    void *bytes;
    check(writer->database, sqlite3session_changeset(session, &size, &bytes));
    sqlite3session_delete(session);
    sqlite3_bind_blob(writer->keep, 1, bytes, size, SQLITE_STATIC);
    step(writer->keep);
    sqlite3_free(bytes);
    step(writer->commit);
}

typedef struct {
    uint8_t *bytes;
    size_t count, room;
} Wire;

static void append(Wire *wire, const void *bytes, size_t count) {
    if (wire->count + count > wire->room) {
        wire->room = 2 * (wire->count + count);
        wire->bytes = realloc(wire->bytes, wire->room);
    }
    memcpy(wire->bytes + wire->count, bytes, count);
    wire->count += count;
}

static void gather(Writer *writer, int64_t after, Wire *wire) {
    wire->count = 0;
    sqlite3_bind_int64(writer->kept, 1, after);
    while (sqlite3_step(writer->kept) == SQLITE_ROW) {
        int32_t size = sqlite3_column_bytes(writer->kept, 0);
        append(wire, &size, sizeof size);
        append(wire, sqlite3_column_blob(writer->kept, 0), (size_t)size);
    }
    sqlite3_reset(writer->kept);
}

static int replace(void *context, int conflict, sqlite3_changeset_iter *change) {
    (void)context;
    (void)change;
    return conflict == SQLITE_CHANGESET_DATA || conflict == SQLITE_CHANGESET_CONFLICT ? SQLITE_CHANGESET_REPLACE : SQLITE_CHANGESET_OMIT;
}

static void apply(sqlite3 *database, const Wire *wire) {
    run(database, "BEGIN");
    for (size_t at = 0; at < wire->count;) {
        int32_t size;
        memcpy(&size, wire->bytes + at, sizeof size);
        check(database, sqlite3changeset_apply(database, size, wire->bytes + at + sizeof size, NULL, replace, NULL));
        at += sizeof size + (size_t)size;
    }
    run(database, "COMMIT");
}

static size_t compressed(const Wire *wire) {
    size_t room = ZSTD_compressBound(wire->count);
    void *bytes = malloc(room);
    size_t size = ZSTD_compress(bytes, room, wire->bytes, wire->count, 3);
    free(bytes);
    return size;
}

int main(int argc, char **argv) {
    if (argc != 3) fail("usage: session DATA FOLDER");
    int count, edited;
    Row *rows = read_rows(argv[1], "records.tsv", &count);
    Edit *edits = read_edits(argv[1], "edits1.tsv", &edited);
    char *path = path_of(argv[2], "session-a.db"), *other = path_of(argv[2], "session-b.db");
    removed(path);
    removed(other);
    Writer writer = writer_at(path);
    sqlite3_stmt *event = prepared(writer.database, INSERT_EVENT);

    double start = now();
    for (int first = 0; first < count; first += BATCH) {
        sqlite3_session *session = recording(&writer);
        for (int index = first; index < first + BATCH && index < count; index++) insert(event, &rows[index]);
        commit(&writer, session);
    }
    checkpoint(writer.database);
    tell("session", "W1", "records_per_s", count / (now() - start));
    tell("session", "W1", "bytes_per_record", (double)file_size(path) / count);

    Wire wire = {NULL, 0, 0};
    sqlite3 *reader = opened(other, "NORMAL");
    run(reader, CREATE_EVENTS);
    start = now();
    gather(&writer, 0, &wire);
    apply(reader, &wire);
    checkpoint(reader);
    tell("session", "W2", "total_s", now() - start);
    tell("session", "W2", "wire_bytes_per_record", (double)compressed(&wire) / count);
    if (digest(writer.database) != digest(reader)) fail("session: the databases differ after W2");

    int64_t known = number(writer.database, "SELECT max(seq) FROM changesets");
    Updates updates = prepared_updates(writer.database);
    for (int first = 0; first < edited; first += BATCH) {
        sqlite3_session *session = recording(&writer);
        for (int index = first; index < first + BATCH && index < edited; index++) update(&updates, &edits[index]);
        commit(&writer, session);
    }
    start = now();
    gather(&writer, known, &wire);
    apply(reader, &wire);
    tell("session", "W3", "warm_ms", (now() - start) * 1e3);
    tell("session", "W3", "wire_bytes", (double)compressed(&wire));
    if (digest(writer.database) != digest(reader)) fail("session: the databases differ after W3");
    closed(writer.database);
    closed(reader);
    removed(path);
    removed(other);
    return 0;
}
