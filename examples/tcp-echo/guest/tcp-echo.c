/*
 * An echo server with nothing but BSD sockets and stdio: TCP and UDP, any number of clients, one poll() loop.
 *
 *     tcp-echo <address> <port> [<clients> [<name>]]
 *
 * It serves TCP echo on the address (port 0: one that is free, see the output) and UDP echo on the same address and
 * port. After so many TCP clients it is done (0 or nothing: never), or as soon as a UDP datagram says "quit". The
 * addresses of the name are printed first.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_CLIENTS = 128, BUFFER = 16384 };

struct client {
    int fd;
    size_t from, length; /* what was read and is still to be sent back */
    unsigned long long bytes;
    bool peer_done; /* the peer sends no more */
    char peer[NI_MAXHOST + NI_MAXSERV];
    char buffer[BUFFER];
};

static struct client *clients[MOST_CLIENTS];
static int client_count;

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

/* "127.0.0.1:7" or "[::1]:7". */
static void print_address(const struct sockaddr *address, socklen_t length, char *text, size_t size)
{
    char host[NI_MAXHOST], service[NI_MAXSERV];
    if (getnameinfo(address, length, host, sizeof host, service, sizeof service, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(text, size, "?");
    else
        snprintf(text, size, address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, service);
}

static void print_name(const char *name)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
    int error = getaddrinfo(name, NULL, &hints, &list);
    if (error != 0) {
        printf("%s: %s\n", name, gai_strerror(error));
        return;
    }
    printf("%s:", name);
    for (const struct addrinfo *each = list; each != NULL; each = each->ai_next) {
        char host[NI_MAXHOST];
        getnameinfo(each->ai_addr, each->ai_addrlen, host, sizeof host, NULL, 0, NI_NUMERICHOST);
        printf(" %s", host);
    }
    printf("\n");
    freeaddrinfo(list);
}

static void set_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        die("fcntl");
}

/* A TCP listener and a UDP socket on the same address and port. */
static void open_server(const char *address, const char *port, int *tcp, int *udp)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST }, *info;
    int error = getaddrinfo(address, port, &hints, &info);
    if (error != 0) {
        fprintf(stderr, "%s:%s: %s\n", address, port, gai_strerror(error));
        exit(1);
    }
    int on = 1;
    *tcp = socket(info->ai_family, SOCK_STREAM, 0);
    if (*tcp < 0)
        die("socket");
    if (setsockopt(*tcp, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        die("setsockopt");
    if (bind(*tcp, info->ai_addr, info->ai_addrlen) < 0)
        die("bind");
    if (listen(*tcp, SOMAXCONN) < 0)
        die("listen");

    struct sockaddr_storage local;
    socklen_t length = sizeof local;
    if (getsockname(*tcp, (struct sockaddr *)&local, &length) < 0)
        die("getsockname");
    *udp = socket(info->ai_family, SOCK_DGRAM, 0);
    if (*udp < 0)
        die("socket");
    if (bind(*udp, (struct sockaddr *)&local, length) < 0)
        die("bind (UDP)");
    set_nonblocking(*tcp);
    set_nonblocking(*udp);

    char text[NI_MAXHOST + NI_MAXSERV];
    print_address((struct sockaddr *)&local, length, text, sizeof text);
    printf("listening on %s\n", text);
    fflush(stdout);
    freeaddrinfo(info);
}

static void accept_clients(int listener)
{
    while (client_count < MOST_CLIENTS) {
        struct sockaddr_storage address;
        socklen_t length = sizeof address;
        int fd = accept(listener, (struct sockaddr *)&address, &length);
        if (fd < 0 && (errno == EAGAIN || errno == ECONNABORTED))
            return;
        if (fd < 0)
            die("accept");
        struct client *client = calloc(1, sizeof *client);
        if (client == NULL)
            die("calloc");
        set_nonblocking(fd);
        client->fd = fd;
        print_address((struct sockaddr *)&address, length, client->peer, sizeof client->peer);
        clients[client_count++] = client;
    }
}

/* Moves what can be moved without waiting. False when the client is through, one way or the other. */
static bool serve(struct client *client)
{
    for (;;) {
        while (client->length > 0) {
            ssize_t sent = send(client->fd, client->buffer + client->from, client->length, 0);
            if (sent < 0 && errno == EAGAIN)
                return true;
            if (sent < 0)
                return false;
            client->from += (size_t)sent;
            client->length -= (size_t)sent;
        }
        if (client->peer_done)
            return false;
        ssize_t received = recv(client->fd, client->buffer, BUFFER, 0);
        if (received < 0)
            return errno == EAGAIN;
        client->peer_done = received == 0;
        client->from = 0;
        client->length = (size_t)received;
        client->bytes += (unsigned long long)received;
    }
}

static void finish(int index)
{
    struct client *client = clients[index];
    printf("%llu bytes from %s\n", client->bytes, client->peer);
    fflush(stdout);
    close(client->fd);
    free(client);
    clients[index] = clients[--client_count];
}

/* False when a datagram says "quit". */
static bool echo_datagrams(int udp)
{
    static char datagram[65536];
    for (;;) {
        struct sockaddr_storage from;
        socklen_t length = sizeof from;
        ssize_t received = recvfrom(udp, datagram, sizeof datagram, 0, (struct sockaddr *)&from, &length);
        if (received < 0 && errno == EAGAIN)
            return true;
        if (received < 0)
            die("recvfrom");
        if (received == 4 && memcmp(datagram, "quit", 4) == 0)
            return false;
        /* A datagram that cannot be sent now is lost, which is what datagrams are like. */
        sendto(udp, datagram, (size_t)received, 0, (struct sockaddr *)&from, length);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: tcp-echo <address> <port> [<clients> [<name>]]\n");
        return 2;
    }
    int most = argc > 3 ? atoi(argv[3]) : 0;
    if (argc > 4)
        print_name(argv[4]);
    int tcp, udp;
    open_server(argv[1], argv[2], &tcp, &udp);

    int served = 0;
    for (bool running = true; running && (most == 0 || served < most);) {
        struct pollfd polled[2 + MOST_CLIENTS];
        polled[0] = (struct pollfd){ .fd = udp, .events = POLLIN };
        polled[1] = (struct pollfd){ .fd = tcp, .events = client_count < MOST_CLIENTS ? POLLIN : 0 };
        for (int i = 0; i < client_count; i++)
            polled[2 + i] = (struct pollfd){ .fd = clients[i]->fd, .events = clients[i]->length > 0 ? POLLOUT : POLLIN };
        if (poll(polled, (nfds_t)(2 + client_count), -1) < 0)
            die("poll");
        /* From the last to the first, as a finished one is replaced by the last. */
        for (int i = client_count - 1; i >= 0; i--) {
            if (polled[2 + i].revents != 0 && !serve(clients[i])) {
                finish(i);
                served++;
            }
        }
        if (polled[1].revents & POLLIN)
            accept_clients(tcp);
        if (polled[0].revents & POLLIN)
            running = echo_datagrams(udp);
    }
    while (client_count > 0)
        finish(client_count - 1);
    close(tcp);
    close(udp);
    printf("served %d clients\n", served);
    return 0;
}
