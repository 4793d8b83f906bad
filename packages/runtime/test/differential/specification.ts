/** The specification's own code, in a child process that answers line by line. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Where the specification's code is: in the checkout of github.com/WebAssembly/component-model that the environment
 * variable `COMPONENT_MODEL` names.
 */
export function findDefinitions(): string | undefined {
  const checkout = process.env['COMPONENT_MODEL'];
  if (checkout === undefined) return undefined;
  const folder = join(checkout, 'design/mvp/canonical-abi');
  return existsSync(join(folder, 'definitions.py')) ? folder : undefined;
}

/** Asks the specification's code. */
export class Specification {
  readonly #child: ChildProcess;
  readonly #waiting: ((answer: unknown) => void)[] = [];

  /** `folder` is what {@link findDefinitions} gave. */
  constructor(folder: string) {
    const driver = join(import.meta.dirname, 'specification.py');
    this.#child = spawn('python3', [driver, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.#child.stdout! });
    lines.on('line', (line) => this.#waiting.shift()?.(JSON.parse(line)));
    const end = (): void => {
      for (const each of this.#waiting.splice(0)) each({ failure: 'python3 has ended' });
    };
    this.#child.on('error', end);
    this.#child.on('exit', end);
  }

  /** Answers come in order. */
  ask(request: object): Promise<unknown> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    });
  }

  close(): void {
    this.#child.stdin!.end();
  }
}
