import { describe, expect, test } from '@jest/globals';
import { ResourceHandle } from '../handle-table.ts';
import { ComponentInstance, guestResource, hostResource } from '../instance.ts';
import { handleRep, lowerOwn, newHandle, takeRep } from './own.ts';

class File {}

function instance(): ComponentInstance {
  const cx = new ComponentInstance('demo');
  cx.resources.push(hostResource('file', File), guestResource('counter'));
  return cx;
}

describe('leaf functions for owned handles', () => {
  test('lower nothing of a wrong value', () => {
    const cx = instance();
    expect(() => lowerOwn(cx, {}, 0, 'f → file')).toThrow('f → file: expected a file, got Object');
    expect(cx.handles.size).toBe(0);
    expect(lowerOwn(cx, new File(), 0, 'f → file')).toBe(1);
  });

  test('make a handle to a rep, show it, and take it out again', () => {
    const cx = instance();
    const index = newHandle(cx, -1, 1);
    expect(handleRep(cx, index, 1)).toBe(2 ** 32 - 1);
    expect(takeRep(cx, index, 1)).toBe(2 ** 32 - 1);
    expect(() => takeRep(cx, index, 1)).toThrow('unknown handle index 1');
  });

  test('take neither what is lent nor what is borrowed', () => {
    const cx = instance();
    const index = newHandle(cx, 5, 1);
    cx.handles.get(index, cx.resources[1]!).lends++;
    expect(() => takeRep(cx, index, 1)).toThrow(/cannot remove owned resource while borrowed/);
    const borrowed = cx.handles.add(new ResourceHandle(cx.resources[1]!, 5, false));
    expect(() => takeRep(cx, borrowed, 1)).toThrow(/cannot transfer ownership/);
  });
});
