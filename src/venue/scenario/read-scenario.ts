import { isNode, LineCounter, parseDocument } from 'yaml';
import { err, ok, type Result } from '../../core/base/result.ts';
import { type Scenario, scenarioShape } from './scenario.ts';

/** What is wrong with a scenario file, and where. */
export interface ScenarioFault {
  /** Counts from 1. */
  readonly line: number;
  /** `events.3.rate`; empty for what concerns the whole file. */
  readonly path: string;
  readonly message: string;
}

type YamlDocument = ReturnType<typeof parseDocument>;

/** Aliases could unfold into more than memory holds. */
const ALIASES_MAX = 0;

/** Reads a scenario: YAML 1.2, all mistakes of the file at once, each with its line. */
export function readScenario(text: string): Result<Scenario, readonly ScenarioFault[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    return err(
      document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        path: '',
        message: error.message.split('\n')[0] ?? '',
      })),
    );
  }
  const content = contentOf(document);
  if (!content.ok) return err([{ line: 1, path: '', message: content.error }]);
  const read = scenarioShape.safeParse(content.value);
  if (read.success) return ok(read.data);
  return err(
    read.error.issues.map((issue) => ({
      line: lineOf(document, lines, issue.path),
      path: issue.path.map(String).join('.'),
      message: issue.message,
    })),
  );
}

function contentOf(document: YamlDocument): Result<unknown, string> {
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return ok(value);
  } catch (error) {
    return err(error instanceof Error ? error.message : 'cannot be read');
  }
}

/** The line of the deepest part of the path that is in the file. */
function lineOf(document: YamlDocument, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range !== undefined && node.range !== null) {
      return lines.linePos(node.range[0]).line;
    }
  }
  return 1;
}

/** One line for each fault, as an editor jumps to them. */
export function scenarioFaultText(file: string, faults: readonly ScenarioFault[]): string {
  return faults
    .map(({ line, path, message }) => `${file}:${line}: ${path === '' ? '' : `${path}: `}${message}`)
    .join('\n');
}
