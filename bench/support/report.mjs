import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { results } from './paths.mjs';
import { rounded } from './statistics.mjs';

const met = ({ value, goal, better }) => (better === 'more' ? value.median >= goal : value.median <= goal);

/** One line a figure: what was measured, its goal, and whether it is reached. */
export function table(figures) {
  const rows = figures.map((figure) => [
    figure.name,
    spread(figure.value),
    figure.goal === undefined ? '' : `${figure.better === 'more' ? '>=' : '<='} ${figure.goal}`,
    figure.goal === undefined ? '' : met(figure) ? 'met' : 'MISSED',
  ]);
  rows.unshift(['figure', 'median (least-greatest)', 'goal', '']);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function spread({ median, least, greatest }) {
  return least === undefined ? String(rounded(median)) : `${rounded(median)} (${rounded(least)}-${rounded(greatest)})`;
}

export async function save(report) {
  await mkdir(results, { recursive: true });
  const file = path.join(results, 'latest.json');
  const figures = report.figures.map((figure) =>
    figure.goal === undefined ? figure : { ...figure, met: met(figure) },
  );
  await writeFile(file, `${JSON.stringify({ ...report, figures }, undefined, 2)}\n`);
  return file;
}
