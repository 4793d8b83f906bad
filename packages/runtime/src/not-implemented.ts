/** What a generated stub throws until somebody has implemented it. */

/**
 * A function that an implementation does not have yet. It is no error value of the function: the call of the guest that
 * led there ends with it, and so does the guest's instance.
 */
export class NotImplemented extends Error {
  /** The function, as in other messages: `demo:shop/db.connection.query`. */
  readonly functionName: string;
  /** What the guest has called it with; handles to resources are objects of the implementation. */
  readonly arguments: readonly unknown[];
  constructor(functionName: string, args: readonly unknown[] = []) {
    super(`${functionName} is not implemented`);
    this.functionName = functionName;
    this.arguments = args;
  }
  override get name(): string {
    return 'NotImplemented';
  }
}
