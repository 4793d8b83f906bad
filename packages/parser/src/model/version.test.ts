/** Semantic versions are ordered as Semantic Versioning 2.0 says. */
import { expect, test } from '@jest/globals';
import { compareVersions, versionProblem } from './version.ts';

test('versions are ordered by precedence', () => {
  const ordered = [
    ...[
      '0.2.9',
      '0.2.12',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
    ],
    ...['1.0.0-rc.1', '1.0.0', '2.0.0', '10.0.0'],
  ];
  expect(ordered.toReversed().sort(compareVersions)).toEqual(ordered);
});

test.each(['1.2.3', '0.0.0', '1.0.0-rc.1', '1.0.0+build.007', '1.0.0--', '18446744073709551615.0.0'])(
  '%s is a version',
  (version) => {
    expect(versionProblem(version)).toBeUndefined();
  },
);

test.each(['1.2', '01.2.3', '1.0.0-', '1.0.0-a..b', '1.0.0-01', '1.0.0+', '18446744073709551616.0.0', ''])(
  '%s is not a version',
  (version) => {
    expect(versionProblem(version)).toBeDefined();
  },
);
