// SQLite through its C API, as its users would: prepared statements, write-ahead log, 256 MB of cache.
#pragma once
#include "rows.h"

static void check(sqlite3 *database, int result) {
    if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
    fail(sqlite3_errmsg(database));
}

static void run(sqlite3 *database, const char *sql) { check(database, sqlite3_exec(database, sql, NULL, NULL, NULL)); }

static sqlite3_stmt *prepared(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement = NULL;
    check(database, sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

static void step(sqlite3_stmt *statement) {
    check(sqlite3_db_handle(statement), sqlite3_step(statement));
    sqlite3_reset(statement);
}

static int64_t number(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement = prepared(database, sql);
    check(database, sqlite3_step(statement));
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static sqlite3 *opened(const char *path, const char *synchronous) {
    sqlite3 *database = NULL;
    if (sqlite3_open(path, &database) != SQLITE_OK) fail(path);
    run(database, "PRAGMA journal_mode = WAL; PRAGMA secure_delete = OFF; PRAGMA cache_size = -262144");
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA synchronous = %s", synchronous);
    run(database, pragma);
    return database;
}

static void checkpoint(sqlite3 *database) { run(database, "PRAGMA wal_checkpoint(TRUNCATE)"); }

static void closed(sqlite3 *database) {
    for (sqlite3_stmt *statement; (statement = sqlite3_next_stmt(database, NULL));) sqlite3_finalize(statement);
    if (sqlite3_close(database) != SQLITE_OK) fail("a database that cannot be closed");
}

static void removed(const char *path) {
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (int index = 0; index < 3; index++) {
        char *file = NULL;
        if (asprintf(&file, "%s%s", path, ends[index]) < 0) fail("no memory");
        unlink(file);
        free(file);
    }
}

// The text stays where it is until the statement has run: SQLite need not copy it.
static void bind_cell(sqlite3_stmt *statement, int place, int field, const Cell *cell) {
    if (IS_INTEGER[field]) sqlite3_bind_int64(statement, place, cell->integer);
    else sqlite3_bind_text(statement, place, cell->text, cell->length, SQLITE_STATIC);
}

static void insert(sqlite3_stmt *statement, const Row *row) {
    sqlite3_bind_blob(statement, 1, row->id, ID_BYTES, SQLITE_STATIC);
    for (int field = 1; field < FIELDS; field++) bind_cell(statement, field + 1, field, &row->cells[field]);
    step(statement);
}

typedef struct {
    sqlite3_stmt *of_field[FIELDS];
} Updates;

static Updates prepared_updates(sqlite3 *database) {
    Updates updates = {{NULL}};
    for (int field = 1; field < FIELDS; field++) {
        char sql[80];
        snprintf(sql, sizeof sql, "UPDATE events SET %s = ? WHERE id = ?", FIELD_NAMES[field]);
        updates.of_field[field] = prepared(database, sql);
    }
    return updates;
}

static void update(const Updates *updates, const Edit *edit) {
    sqlite3_stmt *statement = updates->of_field[edit->field];
    bind_cell(statement, 1, edit->field, &edit->value);
    sqlite3_bind_blob(statement, 2, edit->id, ID_BYTES, SQLITE_STATIC);
    step(statement);
}

// Of every cell of every row by id: equal for equal tables.
static uint64_t digest(sqlite3 *database) {
    sqlite3_stmt *all = prepared(database, "SELECT * FROM events ORDER BY id");
    uint64_t hash = 1469598103934665603u;
    while (sqlite3_step(all) == SQLITE_ROW)
        for (int field = 0; field < FIELDS; field++) {
            const uint8_t *bytes = sqlite3_column_blob(all, field);
            int count = sqlite3_column_bytes(all, field);
            for (int index = 0; index <= count; index++) hash = (hash ^ (index < count ? bytes[index] : 255u)) * 1099511628211u;
        }
    sqlite3_finalize(all);
    return hash;
}
