/**
 * Scripts in the `.wast` format: the component model's reference tests, and those of other implementations. Each
 * directive is a case. Scripts run in a worker, so that a guest that does not come to an end can be ended.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CaseResult, Suite } from '../suite.ts';
import { installTextFormat } from '../wast/text-format.ts';
import type { Report, Script } from '../wast/worker.ts';

/** Milliseconds for one directive. */
const patience = 60_000;

export const wastSuite: Suite = {
  corpus: 'named',
  async run(corpus, options) {
    installTextFormat();
    const isFolder = statSync(corpus).isDirectory();
    const files = isFolder ? scriptsIn(corpus, options.exclude) : [corpus];
    const folder = isFolder ? corpus : dirname(corpus);
    const unfinished = notYetImplemented(folder);
    const { validateOnly } = options;
    const results: CaseResult[] = [];
    const runner = new Runner();
    for (const file of files) {
      const name = relative(folder, file).split(sep).join('/');
      if (!name.includes(options.filter)) continue;
      const mayFail = unfinished.has(name) ? { mayFail: 'nyi.txt of the corpus' } : {};
      for (const result of await runner.run({ name, file, validateOnly }))
        results.push({ ...result, ...mayFail });
    }
    await runner.end();
    return results;
  },
  totals(results) {
    const directives = new Map<string, { passed: number; failed: number }>();
    const notes = new Map<string, number>();
    for (const { checks, notes: own = [] } of results) {
      for (const [directive, passed] of Object.entries(checks)) {
        const count = directives.get(directive) ?? { passed: 0, failed: 0 };
        count[passed ? 'passed' : 'failed']++;
        directives.set(directive, count);
      }
      for (const note of own) notes.set(note, (notes.get(note) ?? 0) + 1);
    }
    const width = Math.max(...[...directives.keys()].map((directive) => directive.length)) + 2;
    const files = new Set(results.map(({ name }) => fileOf(name)));
    const failing = new Set(
      results.filter(({ problem }) => problem !== undefined).map(({ name }) => fileOf(name)),
    );
    return [
      `${files.size} files, ${failing.size} with failures`,
      ...[...directives]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(
          ([directive, { passed, failed }]) =>
            `${`${directive}:`.padEnd(width)} ${passed} of ${passed + failed}`,
        ),
      ...[...notes].map(([note, count]) => `${count} × ${note}`),
    ];
  },
};

function fileOf(name: string): string {
  return name.replace(/:\d+$/, '');
}

function scriptsIn(folder: string, exclude: readonly string[]): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !exclude.includes(name) && !exclude.includes(basename(name, '.wast')))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return scriptsIn(path, exclude);
      return entry.name.endsWith('.wast') ? [path] : [];
    });
}

/** The files that a corpus lists as ahead of implementations. */
function notYetImplemented(folder: string): ReadonlySet<string> {
  const list = join(folder, 'nyi.txt');
  const lines = existsSync(list) ? readFileSync(list, 'utf8').split('\n') : [];
  return new Set(lines.map((line) => line.trim().replace(/^\.\//, '')).filter((line) => /^[^#]/.test(line)));
}

/** Runs scripts one after the other in one worker, and in a new one after one that did not end. */
class Runner {
  #worker: Worker | undefined;

  run(script: Script): Promise<readonly CaseResult[]> {
    const worker = (this.#worker ??= new Worker(new URL('../wast/worker.ts', import.meta.url), {
      // Scripts that are older than the strict syntax are none of our business.
      env: { ...process.env, WAST_STRICT_COMPONENT_INDICES: '0' },
      resourceLimits: { maxOldGenerationSizeMb: 2048 },
    }));
    const results: CaseResult[] = [];
    return new Promise((resolve) => {
      let running = { line: 0, directive: 'script' };
      let timer: NodeJS.Timeout | undefined;
      const watch = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => giveUp(`took longer than ${patience / 1000} s`), patience);
      };
      const finish = (): void => {
        clearTimeout(timer);
        worker.off('message', take).off('error', giveUp).off('exit', giveUp);
        resolve(results);
      };
      const giveUp = (reason: unknown): void => {
        this.#worker = undefined;
        const problem = `${String(reason)}; the rest of the script was not run`;
        const checks = { [running.directive]: false };
        results.push({ name: `${script.name}:${running.line}`, problem, checks });
        finish();
        worker.on('error', () => {});
        void worker.terminate();
      };
      const take = (report: Report): void => {
        watch();
        if (report.kind === 'begin') running = report;
        else if (report.kind === 'result') results.push(report.result);
        else finish();
      };
      worker.on('message', take).on('error', giveUp).on('exit', giveUp);
      watch();
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
      worker.postMessage(script);
    });
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }
}
