#ifndef FAULTY_FILES_H
#define FAULTY_FILES_H

/// SQLite's files with accidents: from now on every database of this process is opened through this.
int faulty_files_install(void);

enum {
    /// The process dies: nothing is written any more. What was not synced is lost (0), stays (1), or half of it stays (2).
    FAULTY_FILES_CRASH_LOSES = 0,
    FAULTY_FILES_CRASH_KEEPS = 1,
    FAULTY_FILES_CRASH_HALVES = 2,
    /// The disk has no room.
    FAULTY_FILES_FULL = 3,
};

/// After so many writes, syncs and removals of files whose path begins with `prefix`.
///
/// Returns a number for `faulty_files_end`, or -1 where there are too many at a time.
int faulty_files_arm(const char *prefix, int after, int kind);

/// Whether it came to it.
int faulty_files_has_struck(int armed);

/// It comes to it now, if it did not yet.
void faulty_files_strike(int armed);

/// Call it once every database below the prefix is closed: what a crash took is taken now.
///
/// Returns whether it came to it.
int faulty_files_end(int armed);

#endif
