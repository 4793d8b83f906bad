/** What a suite is: a function from a corpus to results. */

export interface Suite {
  /** Runs every case of the corpus at this path. */
  readonly run: (
    corpus: string,
    options: RunOptions,
  ) => readonly CaseResult[] | Promise<readonly CaseResult[]>;
  /** Lines with the numbers of interest. */
  readonly totals: (results: readonly CaseResult[]) => readonly string[];
  /** A suite without a corpus of its own is given one on the command line. */
  readonly corpus?: 'named';
}

/** Which cases to run; only some suites can choose. */
export interface RunOptions {
  /** Folders and files to leave out, by their name. */
  readonly exclude: readonly string[];
  /** Only files with this in their path. */
  readonly filter: string;
  /** Read and validate, but instantiate nothing: for scripts that are written for a validator. */
  readonly validateOnly: boolean;
}

/** One case. `checks` are the things that were compared, by name; a case passes when there is no problem. */
export interface CaseResult {
  readonly name: string;
  readonly problem: string | undefined;
  readonly checks: Readonly<Record<string, boolean>>;
  /** What to count beside, one line each. */
  readonly notes?: readonly string[];
  /** Why the case may fail, when its corpus says so. */
  readonly mayFail?: string;
}
