/* From wasi:sockets' error codes to errno. */
#include "descriptors.h"

#include <errno.h>

int wittle_errno(uint8_t code)
{
    switch ((enum wasi_error_code)code) {
    case WASI_UNKNOWN: return EIO;
    case WASI_ACCESS_DENIED: return EACCES;
    case WASI_NOT_SUPPORTED: return EOPNOTSUPP;
    case WASI_INVALID_ARGUMENT: return EINVAL;
    case WASI_OUT_OF_MEMORY: return ENOMEM;
    case WASI_TIMEOUT: return ETIMEDOUT;
    case WASI_CONCURRENCY_CONFLICT: return EALREADY;
    case WASI_NOT_IN_PROGRESS: return EINVAL;
    case WASI_WOULD_BLOCK: return EAGAIN;
    case WASI_INVALID_STATE: return EINVAL;
    case WASI_NEW_SOCKET_LIMIT: return EMFILE;
    case WASI_ADDRESS_NOT_BINDABLE: return EADDRNOTAVAIL;
    case WASI_ADDRESS_IN_USE: return EADDRINUSE;
    case WASI_REMOTE_UNREACHABLE: return EHOSTUNREACH;
    case WASI_CONNECTION_REFUSED: return ECONNREFUSED;
    case WASI_CONNECTION_RESET: return ECONNRESET;
    case WASI_CONNECTION_ABORTED: return ECONNABORTED;
    case WASI_DATAGRAM_TOO_LARGE: return EMSGSIZE;
    case WASI_NAME_UNRESOLVABLE: return ENOENT;
    case WASI_TEMPORARY_RESOLVER_FAILURE: return EAGAIN;
    case WASI_PERMANENT_RESOLVER_FAILURE: return EIO;
    }
    return EIO;
}

int wittle_fail(int error)
{
    errno = error;
    return -1;
}

int wittle_done(const struct result_unit *result)
{
    return result->is_error ? wittle_fail(wittle_errno(result->error)) : 0;
}
