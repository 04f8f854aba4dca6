// As much of HTTP/1.1 as a bare relay and what loads one need: requests and answers with a Content-Length.
#pragma once
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    char *bytes;
    size_t count, room;
} Buffer;

static void append(Buffer *buffer, const void *bytes, size_t count) {
    if (buffer->count + count + 1 > buffer->room) {
        buffer->room = 2 * (buffer->count + count) + 4096;
        buffer->bytes = realloc(buffer->bytes, buffer->room);
        if (buffer->bytes == NULL) abort();
    }
    memcpy(buffer->bytes + buffer->count, bytes, count);
    buffer->count += count;
    buffer->bytes[buffer->count] = 0;
}

static void drop(Buffer *buffer, size_t count) {
    buffer->count -= count;
    memmove(buffer->bytes, buffer->bytes + count, buffer->count);
}

typedef struct {
    size_t head, body;
} Message;

// Whether the buffer begins with a whole message.
static int message_in(const Buffer *buffer, Message *message) {
    if (buffer->count == 0) return 0;
    const char *end = strstr(buffer->bytes, "\r\n\r\n");
    if (end == NULL) return 0;
    const char *length = strcasestr(buffer->bytes, "\r\ncontent-length:");
    message->head = (size_t)(end - buffer->bytes) + 4;
    message->body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return buffer->count >= message->head + message->body;
}

// 1 while the connection is open. What is there is appended.
static int received(int socket, Buffer *buffer) {
    static char chunk[1 << 18];
    ssize_t count;
    while ((count = read(socket, chunk, sizeof chunk)) > 0) {
        append(buffer, chunk, (size_t)count);
        if ((size_t)count < sizeof chunk) return 1;
    }
    return count < 0 && errno == EAGAIN;
}

static struct sockaddr_in loopback(const char *port) {
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)), .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static void without_delay(int socket) {
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void watch(int poll, int socket, uint32_t events, void *whose, int operation) {
    struct epoll_event event = {.events = events, .data.ptr = whose};
    epoll_ctl(poll, operation, socket, &event);
}
