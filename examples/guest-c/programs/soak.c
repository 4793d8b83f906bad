/*
 * What scripts/soak.mjs puts a host under: programs that leave everything open, never end, trap, or want too much.
 *
 *     soak serve <bytes> <pairs> <end>   opens so many pairs of TCP sockets, as many UDP sockets, files and directories;
 *                                        listens, sends so many bytes to the first client, and ends without closing
 *                                        anything: `return`, `exit`, `trap`, `spin`, or `wait` for the client to close
 *     soak many <files>                  makes, lists, reads and removes so many files in the current directory
 *     soak fill <name>                   writes to the file until there is no room
 *     soak refused <name>                writes to a file that takes nothing
 *     soak find <name>                   looks a name up
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static int listener(struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t length = sizeof *address;
    *address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (fd < 0 || bind(fd, (struct sockaddr *)address, length) < 0 || listen(fd, SOMAXCONN) < 0)
        die("listen");
    if (getsockname(fd, (struct sockaddr *)address, &length) < 0)
        die("getsockname");
    return fd;
}

/* Opens things of all kinds and forgets them. */
static void leave_open(int pairs)
{
    struct sockaddr_in address;
    int own = listener(&address);
    for (int i = 0; i < pairs; i++) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        if (client < 0 || connect(client, (struct sockaddr *)&address, sizeof address) < 0)
            die("connect");
        if (accept(own, NULL, NULL) < 0)
            die("accept");
        if (write(client, "unread", 6) != 6)
            die("write");
        /* Bound, listening, on its way, and never used. */
        struct sockaddr_in other;
        listener(&other);
        int pending = socket(AF_INET, SOCK_STREAM, 0);
        fcntl(pending, F_SETFL, O_NONBLOCK);
        connect(pending, (struct sockaddr *)&other, sizeof other);
        socket(AF_INET, SOCK_STREAM, 0);
        int udp = socket(AF_INET, SOCK_DGRAM, 0);
        other.sin_port = 0;
        if (bind(udp, (struct sockaddr *)&other, sizeof other) < 0)
            die("bind");
        sendto(udp, "nobody", 6, 0, (struct sockaddr *)&address, sizeof address);
        char name[32];
        snprintf(name, sizeof name, "left-%d", i);
        FILE *file = fopen(name, "w");
        if (file == NULL || fputs("never flushed", file) < 0)
            die(name);
        DIR *directory = opendir(".");
        if (directory == NULL || readdir(directory) == NULL)
            die("opendir");
    }
}

static int serve(long bytes, int pairs, const char *end)
{
    leave_open(pairs);
    struct sockaddr_in address;
    int own = listener(&address);
    printf("listening on %d\n", ntohs(address.sin_port));
    fflush(stdout);
    int client = accept(own, NULL, NULL);
    if (client < 0)
        die("accept");
    static char block[4096];
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = (char)('a' + i % 26);
    for (long sent = 0; sent < bytes;) {
        long rest = bytes - sent;
        ssize_t count = send(client, block, rest < (long)sizeof block ? (size_t)rest : sizeof block, 0);
        if (count < 0)
            die("send");
        sent += count;
    }
    printf("sent %ld\n", bytes);
    fflush(stdout);
    if (!strcmp(end, "wait"))
        while (recv(client, block, sizeof block, 0) > 0) {}
    if (!strcmp(end, "exit"))
        _Exit(3);
    if (!strcmp(end, "trap"))
        __builtin_trap();
    if (!strcmp(end, "spin"))
        for (volatile int forever = 1; forever;) {}
    return 0;
}

/* How many names there are, each of them once. */
static int list(int files)
{
    char *seen = calloc((size_t)files, 1);
    int count = 0;
    DIR *directory = opendir(".");
    if (directory == NULL || seen == NULL)
        die("opendir");
    errno = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int number;
        if (sscanf(entry->d_name, "file-%d", &number) != 1)
            continue;
        if (number < 0 || number >= files || seen[number]++)
            fprintf(stderr, "%s is listed, but should not be\n", entry->d_name);
        count++;
    }
    if (errno != 0)
        die("readdir");
    closedir(directory);
    free(seen);
    return count;
}

static int many(int files)
{
    char name[32], text[32];
    int right = 0;
    for (int i = 0; i < files; i++) {
        snprintf(name, sizeof name, "file-%d", i);
        int fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0644);
        int length = snprintf(text, sizeof text, "number %d", i);
        if (fd < 0 || write(fd, text, (size_t)length) != length || close(fd) < 0)
            die(name);
    }
    int listed = list(files);
    for (int i = 0; i < files; i++) {
        int number = -1;
        snprintf(name, sizeof name, "file-%d", i);
        FILE *file = fopen(name, "r");
        if (file == NULL)
            die(name);
        if (fscanf(file, "number %d", &number) == 1 && number == i)
            right++;
        fclose(file);
    }
    for (int i = 0; i < files; i++) {
        snprintf(name, sizeof name, "file-%d", i);
        if (unlink(name) < 0)
            die(name);
    }
    printf("made %d, listed %d, read %d, left %d\n", files, listed, right, list(files));
    return 0;
}

/* Whatever write says it has taken has to be there. */
static int fill(const char *name)
{
    char block[1000], read_back[1000];
    long long written = 0, found = 0;
    ssize_t count;
    int fd = open(name, O_CREAT | O_TRUNC | O_RDWR, 0644);
    if (fd < 0)
        die(name);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = (char)(i % 251);
    while ((count = write(fd, block + written % 1000, 1000 - (size_t)(written % 1000))) > 0)
        written += count;
    int why = count < 0 ? errno : 0;
    lseek(fd, 0, SEEK_SET);
    while ((count = read(fd, read_back, sizeof read_back)) > 0)
        for (ssize_t i = 0; i < count; i++)
            if (read_back[i] == block[found % 1000])
                found++;
    struct stat attributes;
    fstat(fd, &attributes);
    close(fd);
    unlink(name);
    fd = open(name, O_CREAT | O_RDWR, 0644);
    int again = write(fd, block, sizeof block) == (ssize_t)sizeof block;
    printf("written %lld, found %lld, size %lld, %s, then %s\n", written, found, (long long)attributes.st_size,
        strerror(why), again ? "room" : "no room");
    return 0;
}

static int refused(const char *name)
{
    int fd = open(name, O_WRONLY);
    if (fd < 0)
        die(name);
    ssize_t count = write(fd, "x", 1);
    printf("write gives %d, %s\n", (int)count, strerror(count < 0 ? errno : 0));
    return 0;
}

static int find(const char *name)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
    printf("looking for %s\n", name);
    fflush(stdout);
    int error = getaddrinfo(name, "80", &hints, &found);
    printf("%s\n", error == 0 ? "found" : gai_strerror(error));
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (!strcmp(what, "serve") && argc == 5)
        return serve(atol(argv[2]), atoi(argv[3]), argv[4]);
    if (!strcmp(what, "many") && argc == 3)
        return many(atoi(argv[2]));
    if (!strcmp(what, "fill") && argc == 3)
        return fill(argv[2]);
    if (!strcmp(what, "refused") && argc == 3)
        return refused(argv[2]);
    if (!strcmp(what, "find") && argc == 3)
        return find(argv[2]);
    fprintf(stderr, "usage: see soak.c\n");
    return 2;
}
