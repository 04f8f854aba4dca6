// The floor under a relay: one thread that stores what is posted as rows of SQLite, durably, and sends it back. It checks nothing.
//
//     bare-relay PORT DATABASE
//
// POST stores the body; all that arrive in one turn of the loop are one transaction, and nobody is answered before it is on the disk.
// GET /pull sends every body.
#define _GNU_SOURCE
#include "database.h"
#include "http.h"

typedef struct {
    Buffer in, out;
    size_t sent;
    int socket;
} Connection;

static sqlite3 *database;
static sqlite3_stmt *begin, *commit, *store, *all;
static int is_writing = 0;

static void answer(Connection *connection, const void *body, size_t count) {
    char head[96];
    int length = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", count);
    append(&connection->out, head, (size_t)length);
    append(&connection->out, body, count);
}

static void take(Connection *connection, const char *body, size_t count) {
    if (!is_writing) step(begin);
    is_writing = 1;
    sqlite3_bind_blob(store, 1, body, (int)count, SQLITE_STATIC);
    step(store);
    answer(connection, "stored", 6);
}

static void send_all(Connection *connection) {
    Buffer body = {NULL, 0, 0};
    while (sqlite3_step(all) == SQLITE_ROW) append(&body, sqlite3_column_blob(all, 0), (size_t)sqlite3_column_bytes(all, 0));
    sqlite3_reset(all);
    answer(connection, body.bytes, body.count);
    free(body.bytes);
}

static void serve(Connection *connection) {
    Message message;
    while (message_in(&connection->in, &message)) {
        const char *bytes = connection->in.bytes;
        if (strncmp(bytes, "POST", 4) == 0) take(connection, bytes + message.head, message.body);
        else send_all(connection);
        drop(&connection->in, message.head + message.body);
    }
}

static void flush(int poll, Connection *connection) {
    while (connection->sent < connection->out.count) {
        ssize_t count = write(connection->socket, connection->out.bytes + connection->sent, connection->out.count - connection->sent);
        if (count <= 0) break;
        connection->sent += (size_t)count;
    }
    int is_done = connection->sent == connection->out.count;
    if (is_done) connection->out.count = connection->sent = 0;
    watch(poll, connection->socket, is_done ? EPOLLIN : EPOLLIN | EPOLLOUT, connection, EPOLL_CTL_MOD);
}

static void accept_all(int poll, int listener) {
    int accepted;
    while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        without_delay(accepted);
        Connection *connection = calloc(1, sizeof *connection);
        connection->socket = accepted;
        watch(poll, accepted, EPOLLIN, connection, EPOLL_CTL_ADD);
    }
}

static void close_connection(Connection *connection) {
    close(connection->socket);
    free(connection->in.bytes);
    free(connection->out.bytes);
    free(connection);
}

int main(int argc, char **argv) {
    if (argc != 3) fail("usage: bare-relay PORT DATABASE");
    database = opened(argv[2], "FULL");
    run(database, "CREATE TABLE IF NOT EXISTS log(seq INTEGER PRIMARY KEY, body BLOB)");
    begin = prepared(database, "BEGIN");
    commit = prepared(database, "COMMIT");
    store = prepared(database, "INSERT INTO log(body) VALUES(?)");
    all = prepared(database, "SELECT body FROM log ORDER BY seq");

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1, poll = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = loopback(argv[1]);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 512) != 0) fail("the port is taken");
    watch(poll, listener, EPOLLIN, NULL, EPOLL_CTL_ADD);
    for (;;) {
        struct epoll_event events[128];
        Connection *served[128];
        int count = epoll_wait(poll, events, 128, -1), ready = 0;
        for (int index = 0; index < count; index++) {
            Connection *connection = events[index].data.ptr;
            if (connection == NULL) {
                accept_all(poll, listener);
            } else if ((events[index].events & EPOLLIN) && !received(connection->socket, &connection->in)) {
                close_connection(connection);
            } else {
                serve(connection);
                served[ready++] = connection;
            }
        }
        if (is_writing) step(commit);
        is_writing = 0;
        for (int index = 0; index < ready; index++) flush(poll, served[index]);
    }
}
