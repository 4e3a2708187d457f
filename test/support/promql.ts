import { parser } from '@prometheus-io/lezer-promql';

/** The metrics that an expression selects. Throws on what is no PromQL. */
export function metricsIn(expression: string): string[] {
  // Grafana fills these in.
  const query = expression.replaceAll('$__rate_interval', '5m');
  const names: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`This is no PromQL, at character ${from}: ${query}`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(query.slice(from, to));
    },
  });
  return names;
}
