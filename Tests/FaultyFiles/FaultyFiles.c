#include "FaultyFiles.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What a write replaced, so that it can be taken back as long as the file was not synced.
typedef struct Undo {
    struct Undo *before;
    char *path;
    sqlite3_int64 offset, size;
    int length;
    unsigned char bytes[];
} Undo;

typedef struct {
    int is_armed, after, kind, has_struck;
    char prefix[512];
    Undo *undo;
    int undone;
} Accident;

#define ACCIDENTS 16
static Accident accidents[ACCIDENTS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs *real;

typedef struct {
    sqlite3_file base;
    char *path;
    // The real file follows.
} File;

static sqlite3_file *real_file(sqlite3_file *file) { return (sqlite3_file *)((char *)file + sizeof(File)); }

// The mutex is held.
static Accident *accident_of(const char *path) {
    if (path == NULL) return NULL;
    for (int i = 0; i < ACCIDENTS; i++) {
        Accident *accident = &accidents[i];
        if (accident->is_armed && strncmp(path, accident->prefix, strlen(accident->prefix)) == 0) return accident;
    }
    return NULL;
}

// The mutex is held. What a write to this file is to return; 0: it may be done.
static int strike(Accident *accident, int failure) {
    if (accident == NULL) return SQLITE_OK;
    if (!accident->has_struck && accident->after-- <= 0) accident->has_struck = 1;
    if (!accident->has_struck) return SQLITE_OK;
    return accident->kind == FAULTY_FILES_FULL ? SQLITE_FULL : failure;
}

// The mutex is held.
static void remember(Accident *accident, File *file, sqlite3_int64 offset, int amount) {
    sqlite3_file *below = real_file(&file->base);
    sqlite3_int64 size = 0;
    if (below->pMethods->xFileSize(below, &size) != SQLITE_OK) return;
    sqlite3_int64 there = size > offset ? size - offset : 0;
    int length = there < amount ? (int)there : amount;
    Undo *undo = malloc(sizeof(Undo) + (size_t)length);
    if (undo == NULL) return;
    undo->before = accident->undo;
    undo->path = strdup(file->path);
    undo->offset = offset;
    undo->size = size;
    undo->length = length;
    if (length > 0) below->pMethods->xRead(below, undo->bytes, length, offset);
    accident->undo = undo;
    accident->undone++;
}

// The mutex is held. A file that was synced keeps what it has.
static void forget(Accident *accident, const char *path) {
    Undo **place = &accident->undo;
    while (*place != NULL) {
        Undo *undo = *place;
        if (strcmp(undo->path, path) == 0) {
            *place = undo->before;
            accident->undone--;
            free(undo->path);
            free(undo);
        } else {
            place = &undo->before;
        }
    }
}

static void take_back(Undo *undo) {
    int descriptor = open(undo->path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    if (undo->length > 0 && pwrite(descriptor, undo->bytes, (size_t)undo->length, undo->offset) < 0) { /* gone anyway */ }
    if (ftruncate(descriptor, undo->size) < 0) { /* gone anyway */ }
    close(descriptor);
}

// MARK: Files

static int file_close(sqlite3_file *file) {
    int result = real_file(file)->pMethods->xClose(real_file(file));
    free(((File *)file)->path);
    return result;
}

static int file_read(sqlite3_file *file, void *bytes, int amount, sqlite3_int64 offset) {
    return real_file(file)->pMethods->xRead(real_file(file), bytes, amount, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset) {
    pthread_mutex_lock(&mutex);
    Accident *accident = accident_of(((File *)file)->path);
    int failure = strike(accident, SQLITE_IOERR_WRITE);
    if (failure == SQLITE_OK && accident != NULL && accident->kind != FAULTY_FILES_FULL)
        remember(accident, (File *)file, offset, amount);
    pthread_mutex_unlock(&mutex);
    return failure != SQLITE_OK ? failure : real_file(file)->pMethods->xWrite(real_file(file), bytes, amount, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    pthread_mutex_lock(&mutex);
    Accident *accident = accident_of(((File *)file)->path);
    int failure = accident != NULL && accident->kind == FAULTY_FILES_FULL ? SQLITE_OK : strike(accident, SQLITE_IOERR_TRUNCATE);
    pthread_mutex_unlock(&mutex);
    return failure != SQLITE_OK ? failure : real_file(file)->pMethods->xTruncate(real_file(file), size);
}

static int file_sync(sqlite3_file *file, int flags) {
    pthread_mutex_lock(&mutex);
    Accident *accident = accident_of(((File *)file)->path);
    int failure = accident != NULL && accident->kind == FAULTY_FILES_FULL ? SQLITE_OK : strike(accident, SQLITE_IOERR_FSYNC);
    if (failure == SQLITE_OK && accident != NULL) forget(accident, ((File *)file)->path);
    pthread_mutex_unlock(&mutex);
    return failure != SQLITE_OK ? failure : real_file(file)->pMethods->xSync(real_file(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) { return real_file(file)->pMethods->xFileSize(real_file(file), size); }
static int file_lock(sqlite3_file *file, int level) { return real_file(file)->pMethods->xLock(real_file(file), level); }
static int file_unlock(sqlite3_file *file, int level) { return real_file(file)->pMethods->xUnlock(real_file(file), level); }
static int file_check(sqlite3_file *file, int *out) { return real_file(file)->pMethods->xCheckReservedLock(real_file(file), out); }
static int file_control(sqlite3_file *file, int code, void *arg) { return real_file(file)->pMethods->xFileControl(real_file(file), code, arg); }
static int file_sector(sqlite3_file *file) { return real_file(file)->pMethods->xSectorSize(real_file(file)); }
static int file_traits(sqlite3_file *file) { return real_file(file)->pMethods->xDeviceCharacteristics(real_file(file)); }

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out) {
    return real_file(file)->pMethods->xShmMap(real_file(file), page, size, extend, out);
}
static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real_file(file)->pMethods->xShmLock(real_file(file), offset, count, flags);
}
static void shm_barrier(sqlite3_file *file) { real_file(file)->pMethods->xShmBarrier(real_file(file)); }
static int shm_unmap(sqlite3_file *file, int removes) { return real_file(file)->pMethods->xShmUnmap(real_file(file), removes); }

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

// MARK: The file system

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    File *mine = (File *)file;
    mine->base.pMethods = NULL;
    mine->path = NULL;
    int result = real->xOpen(real, path, real_file(file), flags, out);
    if (result != SQLITE_OK) return result;
    mine->path = path == NULL ? NULL : strdup(path);
    mine->base.pMethods = &methods;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncs) {
    (void)vfs;
    pthread_mutex_lock(&mutex);
    Accident *accident = accident_of(path);
    int failure = accident != NULL && accident->kind == FAULTY_FILES_FULL ? SQLITE_OK : strike(accident, SQLITE_IOERR_DELETE);
    if (failure == SQLITE_OK && accident != NULL) forget(accident, path);
    pthread_mutex_unlock(&mutex);
    return failure != SQLITE_OK ? failure : real->xDelete(real, path, syncs);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *out) { (void)vfs; return real->xAccess(real, path, flags, out); }
static int vfs_full(sqlite3_vfs *vfs, const char *path, int size, char *out) { (void)vfs; return real->xFullPathname(real, path, size, out); }
static int vfs_random(sqlite3_vfs *vfs, int size, char *out) { (void)vfs; return real->xRandomness(real, size, out); }
static int vfs_sleep(sqlite3_vfs *vfs, int time) { (void)vfs; return real->xSleep(real, time); }
static int vfs_time(sqlite3_vfs *vfs, double *out) { (void)vfs; return real->xCurrentTime(real, out); }
static int vfs_error(sqlite3_vfs *vfs, int size, char *out) { (void)vfs; return real->xGetLastError(real, size, out); }
static int vfs_time64(sqlite3_vfs *vfs, sqlite3_int64 *out) { (void)vfs; return real->xCurrentTimeInt64(real, out); }

int faulty_files_install(void) {
    static sqlite3_vfs vfs;
    real = sqlite3_vfs_find(NULL);
    if (real == NULL || real->iVersion < 2) return -1;
    memset(&vfs, 0, sizeof vfs);
    vfs.iVersion = 2;
    vfs.szOsFile = (int)sizeof(File) + real->szOsFile;
    vfs.mxPathname = real->mxPathname;
    vfs.zName = "faulty";
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full;
    vfs.xRandomness = vfs_random;
    vfs.xSleep = vfs_sleep;
    vfs.xCurrentTime = vfs_time;
    vfs.xGetLastError = vfs_error;
    vfs.xCurrentTimeInt64 = vfs_time64;
    return sqlite3_vfs_register(&vfs, 1);
}

int faulty_files_arm(const char *prefix, int after, int kind) {
    if (strlen(prefix) >= sizeof accidents[0].prefix) return -1;
    pthread_mutex_lock(&mutex);
    int found = -1;
    for (int i = 0; i < ACCIDENTS && found < 0; i++) {
        if (!accidents[i].is_armed) found = i;
    }
    if (found >= 0) {
        Accident *accident = &accidents[found];
        memset(accident, 0, sizeof *accident);
        accident->is_armed = 1;
        accident->after = after;
        accident->kind = kind;
        strcpy(accident->prefix, prefix);
    }
    pthread_mutex_unlock(&mutex);
    return found;
}

int faulty_files_has_struck(int armed) {
    pthread_mutex_lock(&mutex);
    int result = accidents[armed].has_struck;
    pthread_mutex_unlock(&mutex);
    return result;
}

void faulty_files_strike(int armed) {
    pthread_mutex_lock(&mutex);
    accidents[armed].has_struck = 1;
    pthread_mutex_unlock(&mutex);
}

int faulty_files_end(int armed) {
    pthread_mutex_lock(&mutex);
    Accident *accident = &accidents[armed];
    int has_struck = accident->has_struck;
    int loses = !has_struck || accident->kind == FAULTY_FILES_CRASH_KEEPS ? 0
        : accident->kind == FAULTY_FILES_CRASH_HALVES ? accident->undone / 2 : accident->undone;
    // The newest first: what is left is what was written first.
    while (accident->undo != NULL) {
        Undo *undo = accident->undo;
        if (loses-- > 0) take_back(undo);
        accident->undo = undo->before;
        free(undo->path);
        free(undo);
    }
    accident->is_armed = 0;
    pthread_mutex_unlock(&mutex);
    return has_struck;
}
