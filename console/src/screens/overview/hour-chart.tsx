import { useState } from 'react';
import type { AdminMinute } from '../../../../src/admin/admin-api.types.js';
import { clock } from '../../format/times.js';

const SERIES = [
  { name: 'completed', color: 'light-dark(#2f9e64, #43b378)', of: (minute: AdminMinute) => minute.completed },
  { name: 'open', color: 'light-dark(#5b8def, #6d9bf0)', of: openOf },
  { name: 'failed or rejected', color: 'light-dark(#d6453d, #e8665e)', of: (m: AdminMinute) => m.failed + m.rejected },
  { name: 'canceled', color: 'light-dark(#98a1b0, #7b8596)', of: (minute: AdminMinute) => minute.canceled },
] as const;

const WIDTH = 900;
const HEIGHT = 168;
const LEFT = 34;
const BOTTOM = 20;
const TOP = 8;

function openOf({ created, completed, failed, canceled, rejected }: AdminMinute): number {
  return Math.max(0, created - completed - failed - canceled - rejected);
}

/** Tasks by the minute in which they were created, and what became of them. */
export function HourChart({ minutes }: { readonly minutes: readonly AdminMinute[] }) {
  const [over, setOver] = useState<number>();
  const top = niceTop(Math.max(1, ...minutes.map(totalOf)));
  const step = (WIDTH - LEFT) / Math.max(1, minutes.length);
  const scale = (HEIGHT - BOTTOM - TOP) / top;
  const shown = over === undefined ? undefined : minutes[over];
  const total = minutes.reduce((sum, minute) => sum + totalOf(minute), 0);
  return (
    <figure>
      <svg
        className="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${total} tasks in the last hour`}
        onMouseLeave={() => setOver(undefined)}
      >
        {[0, 0.5, 1].map((part) => (
          <line
            key={part}
            x1={LEFT}
            x2={WIDTH}
            y1={HEIGHT - BOTTOM - part * top * scale}
            y2={HEIGHT - BOTTOM - part * top * scale}
            stroke="var(--line)"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {minutes.map((minute, index) => (
          <g key={minute.at} onMouseEnter={() => setOver(index)}>
            <rect
              x={LEFT + index * step}
              y={0}
              width={step}
              height={HEIGHT - BOTTOM}
              fill={over === index ? 'var(--panel-2)' : 'transparent'}
            />
            {stacked(minute).map(({ name, color, from, size }) => (
              <rect
                key={name}
                x={LEFT + index * step + step * 0.14}
                y={HEIGHT - BOTTOM - (from + size) * scale}
                width={step * 0.72}
                height={size * scale}
                style={{ fill: color }}
              />
            ))}
          </g>
        ))}
      </svg>
      <ChartLabels minutes={minutes} top={top} />
      <figcaption className="legend">
        {SERIES.map(({ name, color, of }) => (
          <span key={name} className="num">
            <i style={{ background: color }} />
            {name}
            {shown ? ` ${of(shown)}` : ''}
          </span>
        ))}
        <span className="grow" />
        <span className="num">{shown ? clock(shown.at, false) : `${total} in all`}</span>
      </figcaption>
    </figure>
  );
}

/** Text outside the drawing, which is stretched. */
function ChartLabels({ minutes, top }: { readonly minutes: readonly AdminMinute[]; readonly top: number }) {
  const marks = minutes.filter((_, index) => index % 15 === 0 || index === minutes.length - 1);
  return (
    <div className="chart-labels" aria-hidden="true">
      {[top, top / 2, 0].map((value, index) => (
        <span key={value} className="y num" style={{ top: TOP + (index * (HEIGHT - BOTTOM - TOP)) / 2 - HEIGHT }}>
          {Number.isInteger(value) ? value : ''}
        </span>
      ))}
      {marks.map((minute) => (
        <span
          key={minute.at}
          className="x num"
          style={{
            left: `${((LEFT + (minutes.indexOf(minute) + 0.5) * ((WIDTH - LEFT) / minutes.length)) / WIDTH) * 100}%`,
          }}
        >
          {clock(minute.at, false).slice(0, 5)}
        </span>
      ))}
    </div>
  );
}

const totalOf = (minute: AdminMinute): number => SERIES.reduce((sum, { of }) => sum + of(minute), 0);

function stacked(minute: AdminMinute): { name: string; color: string; from: number; size: number }[] {
  let from = 0;
  return SERIES.flatMap(({ name, color, of }) => {
    const size = of(minute);
    const piece = { name, color, from, size };
    from += size;
    return size > 0 ? [piece] : [];
  });
}

/** 1, 2, 4, 10, 20, 40, 100 … */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 4, 10].find((factor) => factor * power >= value) ?? 10);
}
