/** One number, told apart from others of its name by labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  /** Null: not known now, and left out. */
  readonly value: number | null;
}

/** Numbers of one name. A counter only grows while the process lives. */
export interface Metric {
  /** `infobot_` and small letters; the unit comes last: `infobot_account_age_seconds`. */
  readonly name: `infobot_${string}`;
  /** What it is, a sentence. */
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly samples: readonly Sample[];
}

/** What the text is served as. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Metrics in the text format of Prometheus. One without samples shows its name and its meaning alone.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics.map(metricText).join('');
}

function metricText({ name, help, type, samples }: Metric): string {
  const lines = [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`];
  for (const { labels = {}, value } of samples) {
    if (value === null) continue;
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${quoted(text)}"`);
    lines.push(`${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function quoted(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}
