/* Descriptors: numbers shared with Preview 1, closed and used again, and what libc's other functions make of them. */
#include "check.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <wasi/api.h>

static __wasi_errno_t preview1_status(int fd)
{
    __wasi_fdstat_t status;
    return __wasi_fd_fdstat_get(fd, &status);
}

int main(void)
{
    check(preview1_status(1) == 0, "Preview 1 knows standard output");
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    check(fd > 2, "a socket's number is not that of a standard stream");
    check(preview1_status(fd) == __WASI_ERRNO_BADF, "to Preview 1 a reserved number is EBADF");
    char byte = 'x';
    __wasi_ciovec_t part = { (const uint8_t *)&byte, 1 };
    size_t written;
    check(__wasi_fd_write(fd, &part, 1, &written) == __WASI_ERRNO_BADF, "also for writing");
    check(failed_with(isatty(fd) - 1, EBADF) || errno == ENOTTY, "it is no terminal");

    int other = socket(AF_INET, SOCK_DGRAM, 0);
    check(other > 2 && other != fd, "another socket has another number");
    check(close(fd) == 0, "close");
    check(failed_with(close(fd), EBADF), "closing again is EBADF");
    check(failed_with(send(fd, "x", 1, 0), EBADF) && failed_with(recv(fd, &byte, 1, 0), EBADF) &&
              failed_with(read(fd, &byte, 1), EBADF) && failed_with(write(fd, "x", 1), EBADF), "so are reading and writing");
    check(failed_with(listen(fd, 1), EBADF) && failed_with(accept(fd, NULL, NULL), EBADF) &&
              failed_with(shutdown(fd, SHUT_RDWR), EBADF) && failed_with(fcntl(fd, F_GETFL), EBADF),
          "and everything else");
    check(failed_with(send(-1, "x", 1, 0), EBADF) && failed_with(send(100000, "x", 1, 0), EBADF),
          "and numbers that never were");
    check(failed_with(send(1, "x", 1, 0), ENOTSOCK) && failed_with(listen(0, 1), ENOTSOCK),
          "standard streams are ENOTSOCK");

    int again = socket(AF_INET, SOCK_STREAM, 0);
    check(again == fd, "the lowest number is used again");
    check(getsockopt(again, SOL_SOCKET, SO_TYPE, &(int){ 0 }, &(socklen_t){ sizeof(int) }) == 0, "and is a socket again");
    close(again);

    int highest = 0;
    for (int i = 0; i < 200; i++) {
        int each = socket(AF_INET, i % 2 ? SOCK_STREAM : SOCK_DGRAM, 0);
        need(each >= 0, "socket");
        highest = each > highest ? each : highest;
        close(each);
    }
    check(highest <= fd, "two hundred, one after the other, need no more numbers");

    int many[50];
    bool distinct = true;
    for (int i = 0; i < 50; i++) {
        many[i] = socket(AF_INET, SOCK_STREAM, 0);
        need(many[i] >= 0, "socket");
        for (int j = 0; j < i; j++)
            distinct = distinct && many[i] != many[j];
    }
    check(distinct, "fifty at once have fifty numbers");
    for (int i = 49; i >= 0; i--)
        close(many[i]);

    check((fcntl(other, F_GETFL) & O_ACCMODE) == O_RDWR && !(fcntl(other, F_GETFL) & O_NONBLOCK), "F_GETFL");
    check(fcntl(other, F_SETFL, O_NONBLOCK) == 0 && (fcntl(other, F_GETFL) & O_NONBLOCK), "F_SETFL");
    int off = 0, on = 1;
    check(ioctl(other, FIONBIO, &off) == 0 && !(fcntl(other, F_GETFL) & O_NONBLOCK) &&
              ioctl(other, FIONBIO, &on) == 0 && (fcntl(other, F_GETFL) & O_NONBLOCK), "FIONBIO");
    check(fcntl(other, F_SETFD, FD_CLOEXEC) == 0 && fcntl(other, F_GETFD) == FD_CLOEXEC, "F_GETFD");
    struct stat status;
    check(fstat(other, &status) == 0 && S_ISSOCK(status.st_mode), "fstat says that it is a socket");
    check(fstat(1, &status) == 0 && !S_ISSOCK(status.st_mode), "and that standard output is none");
    check(fcntl(1, F_GETFL) >= 0, "fcntl of standard output");
    close(other);

    check(failed_with(socket(AF_UNIX, SOCK_STREAM, 0), EAFNOSUPPORT), "no Unix sockets");
    check(failed_with(socket(AF_INET, 3, 0), EPROTOTYPE), "no raw sockets");
    check(failed_with(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT), "no UDP streams");
    check(printf("# formatted: %d %.2f %s\n", 42, 1.5, "text") == 26, "printf works beside sockets");
    check(write(1, "# written\n", 10) == 10, "and so does write");
    return summary();
}
