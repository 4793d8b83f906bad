/** Rows of measurements as a markdown table. */

const base = 'hand';
const peer = 'jco:1.10.2';
const others = /^(raw|hand|jco:.*|wit2ts)$/;

/**
 * A cell is the least sample of its adapter, as noise only ever adds; `hand` in ns a call, the others as multiples of it.
 * `short` leaves the cases out. The geometric mean is also given over the medians of samples and rounds, which tells how
 * noisy the run was.
 */
export function table(rows, { adapters, cases, short }) {
  const best = cells(rows, 'min', (values) => values[0]);
  const middle = cells(rows, 'ns', (values) => values[values.length >> 1]);
  const ours = adapters.filter((adapter) => !others.test(adapter));
  const shown = adapters.filter((adapter) => adapter !== base);
  const compared = adapters.includes(peer) ? ours : [];
  const ratio = (from, name, a, b) => from.get(`${name}/${a}`) / from.get(`${name}/${b}`);
  const mean = (from, a, b) => {
    const logs = cases.map((name) => Math.log(ratio(from, name, a, b))).filter((log) => !Number.isNaN(log));
    return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  };
  const line = (name, first, of) =>
    `| ${[name, first, ...shown.map((each) => of(each, base)), ...compared.map((each) => of(each, peer))].join(' | ')} |`;

  const lines = [
    line('case', `${base}, ns`, (a, b) => `${a} × ${b}`),
    `|---|${'---:|'.repeat(1 + shown.length + compared.length)}`,
    ...(short ? [] : cases).map((name) =>
      line(name, digits(best.get(`${name}/${base}`)), (a, b) => digits(ratio(best, name, a, b))),
    ),
    line('**geometric mean**', '', (a, b) => `**${digits(mean(best, a, b))}**`),
    line('the same, medians', '', (a, b) => digits(mean(middle, a, b))),
  ];
  for (const adapter of ours) {
    lines.push('', ...worst(adapter, base), ...(compared.length > 0 ? worst(adapter, peer) : []));
  }
  const errors = Map.groupBy(
    rows.filter((row) => row.error !== undefined),
    (row) => `${row.adapter}: ${row.error}`,
  );
  for (const [error, of] of errors) {
    const failed = [...new Set(of.map((row) => row.case))];
    lines.push('', `- ${error} (in ${failed.length < 5 ? failed.join(', ') : `${failed.length} cases`})`);
  }
  return lines.join('\n');

  function worst(a, b) {
    const sorted = cases
      .map((name) => ({ name, times: ratio(best, name, a, b) }))
      .filter(({ times }) => !Number.isNaN(times))
      .sort((x, y) => y.times - x.times);
    const above = sorted.filter(({ times }) => times > 1).length;
    const names = sorted.slice(0, 8).map(({ name, times }) => `${name} ${digits(times)}`);
    return [`${a} × ${b}: above 1 in ${above} of ${sorted.length} rows; worst: ${names.join(', ')}`];
  }
}

/** `case/adapter` to what `choose` takes from what its rounds say of `key`, in ascending order. */
function cells(rows, key, choose) {
  const measured = Map.groupBy(
    rows.filter((row) => row.ns !== undefined),
    (row) => `${row.case}/${row.adapter}`,
  );
  return new Map(
    [...measured].map(([cell, of]) => [cell, choose(of.map((row) => row[key]).sort((a, b) => a - b))]),
  );
}

function digits(value) {
  if (value === undefined || Number.isNaN(value)) return '–';
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}
