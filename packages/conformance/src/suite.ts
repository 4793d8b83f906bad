/** What a suite is: a function from a corpus to results. */

export interface Suite {
  /** Runs every case of the corpus at this folder. */
  readonly run: (corpus: string) => readonly CaseResult[];
  /** Lines with the numbers of interest. */
  readonly totals: (results: readonly CaseResult[]) => readonly string[];
}

/** One case. `checks` are the things that were compared, by name; a case passes when there is no problem. */
export interface CaseResult {
  readonly name: string;
  readonly problem: string | undefined;
  readonly checks: Readonly<Record<string, boolean>>;
}
