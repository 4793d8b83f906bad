import { describe, expect, test } from '@jest/globals';
import { networkGrants } from './network-grants.ts';

describe('what is allowed', () => {
  const none = { connect: [], listen: [], resolve: [] };
  test.each([
    [[], undefined],
    [['all'], 'all'],
    [['connect=a:1', 'all'], 'all'],
    [['connect=a:1'], { ...none, connect: ['a:1'] }],
    [
      ['connect=a:1,b:2,listen=c:3,d:4,connect=e:5'],
      { ...none, connect: ['a:1', 'b:2', 'e:5'], listen: ['c:3', 'd:4'] },
    ],
    [['connect=a:1', 'connect=b:2', 'resolve=*.c'], { ...none, connect: ['a:1', 'b:2'], resolve: ['*.c'] }],
    [['listen=all,resolve=all'], { ...none, listen: ['*'], resolve: ['*'] }],
    [['connect=[::1]:80'], { ...none, connect: ['[::1]:80'] }],
  ])('%j', (values, grants) => {
    expect(networkGrants(values)).toEqual(grants);
  });
});

describe('what makes no sense', () => {
  const hint = '\n  hint: it is `all`, or as in `connect=127.0.0.1:8080,listen=[::1]:0,resolve=example.com`';
  test.each([
    ['a:1', '`a:1` does not say what it allows'],
    ['', '`` does not say what it allows'],
    ['send=a:1', '`send` is not something to allow'],
    ['connect=', 'there is nothing behind `connect=`'],
    ['connect=a:1,,b:2', 'there is nothing behind `,`'],
    // A kind holds for one value only.
    ['all,connect=a:1', '`all` does not say what it allows'],
  ])('%s', (value, why) => {
    expect(() => networkGrants(['connect=z:1', value])).toThrow(
      `error: --allow-net \`${value}\`: ${why}${hint}`,
    );
  });
});
