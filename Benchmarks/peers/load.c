// Loads a relay: sends requests that were made beforehand, over so many connections, each of which waits for its answer before the next.
//
//     load PORT CONNECTIONS REQUESTS
//
// REQUESTS holds whole HTTP requests, each after its length (4 bytes, as this machine orders them), in CONNECTIONS runs of equal number:
// a connection sends one run, in order. Prints how many were answered a second, from the first request to the last answer. Any answer
// but 200 ends it, with that answer.
#define _GNU_SOURCE
#include "http.h"
#include "rows.h"

typedef struct {
    int socket;
    const char *next;
    long left;
    Buffer in;
} Pusher;

static const char *after(const char *request) {
    uint32_t size;
    memcpy(&size, request, sizeof size);
    return request + sizeof size + size;
}

static void push(Pusher *pusher) {
    uint32_t size;
    memcpy(&size, pusher->next, sizeof size);
    const char *at = pusher->next + sizeof size;
    while (size > 0) {
        ssize_t count = write(pusher->socket, at, size);
        if (count < 0 && errno == EAGAIN) continue;
        if (count <= 0) fail("the relay hung up");
        at += count;
        size -= (uint32_t)count;
    }
    pusher->next = at;
    pusher->left -= 1;
}

// Whether the answer is there whole.
static int answered(Pusher *pusher) {
    Message message;
    if (!received(pusher->socket, &pusher->in)) fail("the relay hung up");
    if (!message_in(&pusher->in, &message)) return 0;
    if (strncmp(pusher->in.bytes, "HTTP/1.1 200", 12) != 0) fail(pusher->in.bytes);
    drop(&pusher->in, message.head + message.body);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 4) fail("usage: load PORT CONNECTIONS REQUESTS");
    int connections = atoi(argv[2]), poll = epoll_create1(0);
    const char *requests = contents(argv[3]), *end = requests + file_size(argv[3]);
    long total = 0;
    for (const char *request = requests; request < end; request = after(request)) total += 1;
    Pusher *pushers = calloc((size_t)connections, sizeof *pushers);
    struct sockaddr_in address = loopback(argv[1]);
    const char *request = requests;
    for (int index = 0; index < connections; index++) {
        Pusher *pusher = &pushers[index];
        pusher->socket = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(pusher->socket, (struct sockaddr *)&address, sizeof address) != 0) fail("nothing listens");
        fcntl(pusher->socket, F_SETFL, O_NONBLOCK);
        without_delay(pusher->socket);
        watch(poll, pusher->socket, EPOLLIN, pusher, EPOLL_CTL_ADD);
        pusher->next = request;
        pusher->left = total / connections;
        for (long skipped = 0; skipped < pusher->left; skipped++) request = after(request);
    }
    double start = now();
    long waiting = 0;
    for (int index = 0; index < connections; index++, waiting++) push(&pushers[index]);
    while (waiting > 0) {
        struct epoll_event events[128];
        int count = epoll_wait(poll, events, 128, 10000);
        if (count <= 0) fail("no answer for ten seconds");
        for (int index = 0; index < count; index++) {
            Pusher *pusher = events[index].data.ptr;
            if (!answered(pusher)) continue;
            if (pusher->left > 0) push(pusher);
            else waiting -= 1;
        }
    }
    printf("%.9g\n", (double)(total / connections * connections) / (now() - start));
    return 0;
}
