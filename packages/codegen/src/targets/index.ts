/** The targets of Wittle. A new one is a line in each of these two, and everything else knows it from here. */
import type { Target } from '../target.ts';
import { guestTarget, type GuestOptions } from './guest/index.ts';
import { hostTarget, type HostOptions } from './host/index.ts';
import { mocksTarget, type MocksOptions } from './mocks/index.ts';
import { stubsTarget, type StubsOptions } from './stubs/index.ts';

/** Each target by its name. */
export interface Targets {
  readonly host: Target<HostOptions>;
  readonly guest: Target<GuestOptions>;
  readonly stubs: Target<StubsOptions>;
  readonly mocks: Target<MocksOptions>;
}

/** In the order in which help texts show them. */
export const targets: Targets = {
  host: hostTarget,
  guest: guestTarget,
  stubs: stubsTarget,
  mocks: mocksTarget,
};

/** What a target is called: `host`, … */
export type TargetName = keyof Targets;

/** The options of each target, by its name. */
export type TargetOptions = {
  readonly [Name in TargetName]: Targets[Name] extends Target<infer Options> ? Options : never;
};
