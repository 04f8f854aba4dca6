// The data set of every peer in C, and how figures are told: one line of JSON each.
#pragma once
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FIELDS = 10, ID_BYTES = 16, BATCH = 1000 };

static const char *const FIELD_NAMES[FIELDS] = {"id",             "title",           "city",      "country", "starts_at",
                                                "attendance_low", "attendance_high", "organiser", "notes",   "status"};
static const int IS_INTEGER[FIELDS] = {0, 0, 0, 0, 1, 1, 1, 0, 0, 0};

#define CREATE_EVENTS                                                                                                                      \
    "CREATE TABLE events(id BLOB PRIMARY KEY NOT NULL, title TEXT, city TEXT, country TEXT, starts_at INTEGER, "                           \
    "attendance_low INTEGER, attendance_high INTEGER, organiser TEXT, notes TEXT, status TEXT)"
#define INSERT_EVENT "INSERT INTO events VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

typedef struct {
    const char *text;
    int length;
    int64_t integer;
} Cell;

typedef struct {
    uint8_t id[ID_BYTES];
    Cell cells[FIELDS];
} Row;

typedef struct {
    uint8_t id[ID_BYTES];
    int field;
    Cell value;
} Edit;

static void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void tell(const char *peer, const char *workload, const char *measure, double value) {
    printf("{\"peer\":\"%s\",\"w\":\"%s\",\"m\":\"%s\",\"v\":%.9g}\n", peer, workload, measure, value);
    fflush(stdout);
}

static off_t file_size(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : 0;
}

static char *path_of(const char *folder, const char *name) {
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0) fail("no memory");
    return path;
}

// Ends with a zero, and is never given back: the rows point into it.
static char *contents(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path);
    size_t size = (size_t)file_size(path);
    char *bytes = malloc(size + 1);
    if (bytes == NULL || fread(bytes, 1, size, file) != size) fail(path);
    bytes[size] = 0;
    fclose(file);
    return bytes;
}

static int nibble(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

static void decode_id(const char *hex, uint8_t *id) {
    for (int index = 0; index < ID_BYTES; index++) id[index] = (uint8_t)(nibble(hex[2 * index]) << 4 | nibble(hex[2 * index + 1]));
}

static Cell cell_of(char *text) { return (Cell){text, (int)strlen(text), atoll(text)}; }

static void *grown(void *items, int count, size_t size) {
    if (count & (count - 1)) return items;
    void *more = realloc(items, (size_t)(count ? 2 * count : 1) * size);
    if (more == NULL) fail("no memory");
    return more;
}

static Row *read_rows(const char *folder, const char *name, int *count) {
    Row *rows = NULL;
    char *rest = contents(path_of(folder, name)), *line;
    for (*count = 0; (line = strsep(&rest, "\n")) && *line; ++*count) {
        rows = grown(rows, *count, sizeof(Row));
        for (int field = 0; field < FIELDS; field++) rows[*count].cells[field] = cell_of(strsep(&line, "\t"));
        decode_id(rows[*count].cells[0].text, rows[*count].id);
    }
    return rows;
}

static int field_named(const char *name) {
    for (int field = 1; field < FIELDS; field++)
        if (strcmp(name, FIELD_NAMES[field]) == 0) return field;
    fail(name);
    return 0;
}

static Edit *read_edits(const char *folder, const char *name, int *count) {
    Edit *edits = NULL;
    char *rest = contents(path_of(folder, name)), *line;
    for (*count = 0; (line = strsep(&rest, "\n")) && *line; ++*count) {
        edits = grown(edits, *count, sizeof(Edit));
        decode_id(strsep(&line, "\t"), edits[*count].id);
        edits[*count].field = field_named(strsep(&line, "\t"));
        edits[*count].value = cell_of(line);
    }
    return edits;
}
