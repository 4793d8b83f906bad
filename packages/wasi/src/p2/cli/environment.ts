/** `wasi:cli/environment`: arguments, variables and working directory as the options give them. */

/** WIT: `interface environment`. */
export interface Environment {
  getEnvironment(): [string, string][];
  getArguments(): string[];
  initialCwd(): string | undefined;
}

export function environment(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string | undefined,
): Environment {
  return {
    getEnvironment: () => Object.entries(env),
    getArguments: () => [...args],
    initialCwd: () => cwd,
  };
}
