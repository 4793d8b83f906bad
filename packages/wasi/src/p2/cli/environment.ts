/** `wasi:cli/environment`: arguments, variables and working directory as the options give them. */
import type { Host } from '../../generated/imports/wasi/cli/environment.ts';

export function environment(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string | undefined,
): Host {
  return {
    getEnvironment: () => Object.entries(env),
    getArguments: () => [...args],
    initialCwd: () => cwd,
  };
}
