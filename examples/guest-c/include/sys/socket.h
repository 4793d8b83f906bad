/* wasi-libc's <sys/socket.h> for Preview 1, completed with what that target hides. */
#ifndef WITTLE_SYS_SOCKET_H
#define WITTLE_SYS_SOCKET_H

/* bind() and friends take sizes and iovecs, so their types have to be known first. */
#include <sys/uio.h>
#include_next <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are those which wasi-libc uses on its Preview 2 target. */
#ifndef SO_REUSEADDR
#define SO_REUSEADDR 2
#define SO_ERROR 4
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_LINGER 13
#define SO_REUSEPORT 15
#define SO_ACCEPTCONN 30
#define SO_PROTOCOL 38
#define SO_DOMAIN 39
#define SO_RCVTIMEO 66
#define SO_SNDTIMEO 67
#endif

#ifndef SOL_TCP
#define SOL_IP 0
#define SOL_TCP 6
#define SOL_UDP 17
#define SOL_IPV6 41
#endif

#ifndef SOMAXCONN
#define SOMAXCONN 128
#endif

/* MSG_PEEK and MSG_WAITALL are Preview 1's bits 1 and 2; these two stay clear of them. */
#ifndef MSG_DONTWAIT
#define MSG_DONTWAIT 0x0040
#endif
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0x4000
#endif

int socket(int domain, int type, int protocol);
int bind(int fd, const struct sockaddr *address, socklen_t length);
int listen(int fd, int backlog);
int connect(int fd, const struct sockaddr *address, socklen_t length);
int getsockname(int fd, struct sockaddr *__restrict address, socklen_t *__restrict length);
int getpeername(int fd, struct sockaddr *__restrict address, socklen_t *__restrict length);
ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length);
ssize_t recvfrom(int fd, void *__restrict data, size_t size, int flags, struct sockaddr *__restrict from,
                 socklen_t *__restrict length);
ssize_t sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t recvmsg(int fd, struct msghdr *message, int flags);
int setsockopt(int fd, int level, int option, const void *value, socklen_t length);

#ifdef __cplusplus
}
#endif

#endif
