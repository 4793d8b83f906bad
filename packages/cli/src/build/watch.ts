/** Builds again whenever something changes that the results depend on: the WIT, the configuration, what it imports. */
import { dirname, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { now } from '../clock.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Project } from '../config/projects.ts';
import { buildPlan, planBuild, type BuildOptions, type BuildPlan, type BuildResult } from './build.ts';
import {
  directoriesToWatch,
  fingerprintsFrom,
  fingerprintsOf,
  identityOf,
  isChanged,
  type Fingerprints,
} from './dependencies.ts';
import type { Dependencies } from './generate-project.ts';

/** How to watch. */
export interface WatchOptions extends BuildOptions {
  /** Reads the configuration: anew, from the second time on. */
  readonly load: (again: boolean) => Promise<LoadedConfig>;
  /** Is told of each build: the first has all projects, later ones those that something changed for. */
  readonly onBuild: (result: BuildResult) => void;
  /** Everything is watched from now on. Called once. */
  readonly onReady?: () => void;
  /** Is told, once each, why something cannot be watched: it is seen with the next change of anything else. */
  readonly onProblem?: (problem: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** So long nothing must happen before it is built: editors and tools write several files at a time. In milliseconds. */
const quietFor = 30;

/** Builds until the signal comes. What fails leaves the files of the last good build as they are. */
export async function watch(options: WatchOptions): Promise<void> {
  const { signal, onBuild, onReady, onProblem = () => {} } = options;
  const changes = new Changes(signal, onProblem);
  try {
    const state = new State(options);
    let result = await state.build();
    let isReady = false;
    while (!signal.aborted) {
      if (result !== undefined) onBuild(result);
      await changes.watch(state.dependencies());
      // What changed before it was watched is found by looking.
      result = await state.build();
      if (result !== undefined) continue;
      if (!isReady) onReady?.();
      isReady = true;
      await changes.next();
      if (signal.aborted) return;
      result = await state.build();
    }
  } finally {
    await changes.close();
  }
}

/** What has been built, and from what. */
class State {
  readonly #options: WatchOptions;
  #plan: BuildPlan | undefined;
  #config: Known | undefined;
  readonly #projects = new Map<Project, Known>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Builds what something has changed for; nothing when nothing has. */
  async build(): Promise<BuildResult | undefined> {
    const started = now();
    const since = Date.now();
    const again = this.#plan !== undefined;
    if (this.#plan === undefined || hasChanged(this.#config)) {
      const before = stateOf(this.#config);
      this.#plan = await planBuild(await this.#options.load(again), { ...this.#options, again });
      this.#config = knownFrom(before, this.#plan.dependencies, since);
      this.#projects.clear();
      return this.#build(this.#plan, this.#plan.projects, started, since);
    }
    const changed = this.#plan.projects.filter((project) => hasChanged(this.#projects.get(project)));
    return changed.length === 0 ? undefined : this.#build(this.#plan, changed, started, since);
  }

  dependencies(): Dependencies {
    const all = [this.#config, ...this.#projects.values()].filter((known) => known !== undefined);
    return {
      files: all.flatMap(({ dependencies }) => dependencies.files),
      directories: all.flatMap(({ dependencies }) => dependencies.directories),
    };
  }

  async #build(
    plan: BuildPlan,
    projects: readonly Project[],
    started: number,
    since: number,
  ): Promise<BuildResult> {
    const before = projects.map((project) => stateOf(this.#projects.get(project)));
    const result = await buildPlan(plan, projects, this.#options, started);
    for (const [at, project] of projects.entries()) {
      this.#projects.set(project, knownFrom(before[at]!, result.projects[at]!.dependencies, since));
    }
    return result;
  }
}

/** What a result was made from, and how that was. */
interface Known {
  readonly dependencies: Dependencies;
  readonly fingerprints: Fingerprints;
}

function stateOf(known: Known | undefined): Fingerprints {
  return known === undefined ? new Map() : fingerprintsOf(known.dependencies);
}

function knownFrom(before: Fingerprints, dependencies: Dependencies, since: number): Known {
  return { dependencies, fingerprints: fingerprintsFrom(before, dependencies, since) };
}

function hasChanged(known: Known | undefined): boolean {
  return known === undefined || isChanged(known.fingerprints, known.dependencies);
}

/** Events of the file system, as far as to say that there were some. */
class Changes {
  readonly #signal: AbortSignal;
  readonly #aborted: Promise<void>;
  readonly #onProblem: (problem: string) => void;
  readonly #problems = new Set<string>();
  #watcher: { close(): Promise<void> } | undefined;
  #watched = '';
  #last = 0;
  #wake: (() => void) | undefined;

  constructor(signal: AbortSignal, onProblem: (problem: string) => void) {
    this.#signal = signal;
    this.#onProblem = onProblem;
    this.#aborted = new Promise((settle) => {
      signal.addEventListener(
        'abort',
        () => {
          settle();
          this.#wake?.();
        },
        { once: true },
      );
    });
  }

  /** Sees to it that the directories of these dependencies are watched, and that they are still the same. */
  async watch(dependencies: Dependencies): Promise<void> {
    const directories = directoriesToWatch(dependencies);
    const wanted = directories.map((path) => `${path} ${identityOf(path)}`).join('\n');
    if (wanted === this.#watched || this.#signal.aborted) return;
    const before = this.#watcher;
    const { default: chokidar } = await import('chokidar');
    const isRelevant = relevance(dependencies, directories);
    const watcher = chokidar.watch([...directories], {
      ignoreInitial: true,
      depth: 0,
      ignorePermissionErrors: true,
      ignored: (path) => !isRelevant(path),
    });
    this.#watcher = watcher;
    watcher.on('all', () => this.#note());
    // Before anything is left out: two changes may follow each other closely.
    watcher.on('raw', () => this.#note());
    watcher.on('error', (error) => {
      this.#tell(error);
      this.#note();
    });
    await Promise.race([new Promise<void>((ready) => watcher.once('ready', ready)), this.#aborted]);
    this.#watched = wanted;
    await before?.close();
  }

  /** Waits for an event and for quiet after it. */
  async next(): Promise<void> {
    if (this.#last === 0 && !this.#signal.aborted) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
      this.#wake = undefined;
    }
    // A stream of events is no reason never to build.
    for (let rounds = 0; rounds < 20 && !this.#signal.aborted; rounds++) {
      const rest = this.#last + quietFor - now();
      if (rest <= 0) break;
      await setTimeout(rest);
    }
    this.#last = 0;
  }

  async close(): Promise<void> {
    await this.#watcher?.close();
  }

  #tell(error: unknown): void {
    // The system's own words: its limit of watches has the code of a full disk.
    const problem = error instanceof Error ? error.message : String(error);
    if (this.#problems.has(problem)) return;
    this.#problems.add(problem);
    this.#onProblem(problem);
  }

  #note(): void {
    this.#last = now();
    this.#wake?.();
  }
}

/** Which paths in watched directories matter: dependencies, what may be one, and folders that lead to one. */
function relevance(
  { files, directories }: Dependencies,
  watched: readonly string[],
): (path: string) => boolean {
  const known = new Set([...files, ...directories, ...watched]);
  const among = new Set(directories);
  const above = new Set<string>();
  for (const path of known) {
    for (let folder = dirname(path); dirname(folder) !== folder; folder = dirname(folder)) above.add(folder);
  }
  return (given) => {
    const path = resolve(given);
    return known.has(path) || above.has(path) || among.has(dirname(path));
  };
}
