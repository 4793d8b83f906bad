import { describe, expect, test } from '@jest/globals';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { folder, generatedIn } from '../../test/command-line.ts';
import type { BuildResult } from './build.ts';
import { watch } from './watch.ts';

const wit = (name: string): string => `package a:one;\nworld w { import b:dep/i; export ${name}: func(); }\n`;
const dependency = (name: string): string => `package b:dep;\ninterface i { ${name}: func(); }\n`;
const config = (suffix: string): string =>
  JSON.stringify({
    projects: {
      one: { wit: 'wit', out: 'one', options: { importSuffix: suffix } },
      two: { wit: 'two.wit', out: 'two' },
    },
  });

const files = {
  'wittle.config.json': config('.js'),
  'wit/one.wit': wit('first'),
  'wit/deps/dep/i.wit': dependency('f'),
  'two.wit': 'package a:two;\nworld w { export g: func(); }\n',
};

/** What is watched: its builds, one after the other. */
interface Watched {
  readonly cwd: string;
  /** The next build; waits for it, but not for ever. */
  readonly next: () => Promise<BuildResult>;
  /** Builds until one is as wanted, as what happens in several steps may be built several times. */
  readonly until: (isWanted: (result: BuildResult) => boolean) => Promise<BuildResult>;
  readonly write: (path: string, text: string) => void;
}

async function watching(work: (watched: Watched) => Promise<void>, start = files): Promise<void> {
  const cwd = folder(start);
  const results: BuildResult[] = [];
  let wake = (): void => {};
  const stop = new AbortController();
  let isReady = (): void => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const ended = watch({
    cwd,
    load: (again) => loadConfig({ cwd, again }),
    onBuild: (result) => {
      results.push(result);
      wake();
    },
    onReady: isReady,
    signal: stop.signal,
  });
  const next = async (): Promise<BuildResult> => {
    while (results.length === 0) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('nothing was built')), 20_000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return results.shift()!;
  };
  const until = async (isWanted: (result: BuildResult) => boolean): Promise<BuildResult> => {
    for (let builds = 0; builds < 20; builds++) {
      const result = await next();
      if (isWanted(result)) return result;
    }
    throw new Error('no build was as it was to be');
  };
  try {
    await ready;
    // The files are new, so they may have been built twice.
    results.length = 0;
    await work({ cwd, next, until, write: (path, text) => writeFileSync(join(cwd, path), text) });
  } finally {
    stop.abort();
    await ended;
  }
}

const names = ({ projects }: BuildResult): readonly string[] => projects.map(({ name }) => name);
const codes = ({ diagnostics, projects }: BuildResult): readonly string[] =>
  [...diagnostics, ...projects.flatMap((each) => each.diagnostics)].map(({ code }) => code);
const isFine = (result: BuildResult): boolean => result.ok;

describe('what is watched', () => {
  test('is built again when it changes, alone', async () => {
    await watching(async ({ cwd, until, write }) => {
      expect(Object.keys(generatedIn(cwd))).toEqual(expect.arrayContaining(['one/index.ts', 'two/index.ts']));
      write('wit/one.wit', wit('second'));
      expect(names(await until(isFine))).toEqual(['one']);
      expect(readFileSync(join(cwd, 'one/exports/$root.ts'), 'utf8')).toContain('second');
      write('wit/deps/dep/i.wit', dependency('other'));
      expect(names(await until(isFine))).toEqual(['one']);
      expect(readFileSync(join(cwd, 'one/imports/b/dep/i.ts'), 'utf8')).toContain('other');
      write('two.wit', 'package a:two;\nworld w { export h: func(); }\n');
      expect(names(await until(isFine))).toEqual(['two']);
    });
  });

  test('may be replaced, as editors do', async () => {
    await watching(async ({ cwd, until, write }) => {
      for (const name of ['second', 'third']) {
        write('wit/.one.wit.tmp', wit(name));
        renameSync(join(cwd, 'wit/.one.wit.tmp'), join(cwd, 'wit/one.wit'));
        expect(names(await until(isFine))).toEqual(['one']);
        expect(readFileSync(join(cwd, 'one/exports/$root.ts'), 'utf8')).toContain(name);
      }
    });
  });

  test('may be wrong for a while: the last good output stays', async () => {
    await watching(async ({ cwd, next, until, write }) => {
      const before = generatedIn(join(cwd, 'one'));
      write('wit/one.wit', 'package a:one;\nworld w { import nothing; }\n');
      expect(codes(await next())).toEqual(['unknown-item']);
      expect(generatedIn(join(cwd, 'one'))).toEqual(before);
      write('wit/one.wit', wit('second'));
      expect(names(await until(isFine))).toEqual(['one']);
    });
  });

  test('may go and come back, with its folder', async () => {
    await watching(async ({ cwd, until, write }) => {
      const before = generatedIn(join(cwd, 'one'));
      rmSync(join(cwd, 'wit'), { recursive: true });
      await until((result) => codes(result).includes('unreadable-file'));
      expect(generatedIn(join(cwd, 'one'))).toEqual(before);
      mkdirSync(join(cwd, 'wit/deps/dep'), { recursive: true });
      write('wit/deps/dep/i.wit', dependency('f'));
      write('wit/one.wit', wit('back'));
      await until(isFine);
      write('wit/one.wit', wit('again'));
      await until(
        (result) =>
          isFine(result) && readFileSync(join(cwd, 'one/exports/$root.ts'), 'utf8').includes('again'),
      );
    });
  });

  test('grows by files and dependencies', async () => {
    await watching(async ({ cwd, until, write }) => {
      write('wit/more.wit', 'package a:one;\ninterface more { f: func(); }\n');
      expect(names(await until(isFine))).toEqual(['one']);
      mkdirSync(join(cwd, 'wit/deps/new'));
      write('wit/deps/new/new.wit', 'package c:new;\ninterface {');
      await until((result) => codes(result).includes('unexpected-token'));
      write('wit/deps/new/new.wit', 'package c:new;\ninterface i {}');
      await until(isFine);
    });
  });
});

describe('the configuration', () => {
  test('is read again, and everything built by it', async () => {
    await watching(async ({ cwd, until, write }) => {
      write('wittle.config.json', config('.ts'));
      expect(names(await until(isFine))).toEqual(['one', 'two']);
      expect(readFileSync(join(cwd, 'one/index.ts'), 'utf8')).toContain(".ts'");
    });
  });

  test('may be wrong for a while, or gone', async () => {
    await watching(async ({ cwd, until, write }) => {
      write('wittle.config.json', '{ "projects": ');
      await until((result) => codes(result).includes('invalid-json'));
      rmSync(join(cwd, 'wittle.config.json'));
      await until(
        (result) => codes(result).includes('unreadable-file') || codes(result).includes('no-config'),
      );
      write('wittle.config.json', config('.ts'));
      expect(names(await until(isFine))).toEqual(['one', 'two']);
    });
  });
});

test('watching ends at once when it is to', async () => {
  const cwd = folder(files);
  const stop = new AbortController();
  stop.abort();
  let builds = 0;
  await watch({
    cwd,
    load: () => loadConfig({ cwd }),
    onBuild: () => {
      builds++;
    },
    signal: stop.signal,
  });
  expect(builds).toBeLessThan(2);
});
