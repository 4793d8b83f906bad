/** What tells types of resources apart, for code that is generated with brands. */

/**
 * The property under which a resource's type names the resource: `'import wasi:sockets/tcp.tcp-socket'`, or `'export …'`
 * for one of the guest's. There is no such property at run time. It is optional in the types, so that a class which
 * knows nothing of it implements any resource whose methods it has; one that is to be taken for its own resource only
 * declares
 *
 *     declare readonly [brand]?: TcpSocket[typeof brand];
 */
export declare const brand: unique symbol;
