/** The parts of an interface's full name. */
interface InterfaceName {
  readonly namespace: string;
  readonly package: string;
  readonly interface: string;
  /** As a semantic version, such as `0.1.0`. */
  readonly version: string | undefined;
}

// Longer names are legal, but no tool makes them, and a bound keeps the match cheap.
const MAX_LENGTH = 1000;

const LABEL = "(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9a-z]+|[0-9A-Z]+))*";
const NUMBER = "(?:0|[1-9][0-9]*)";
const VERSION = `${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?`;
const INTERFACE = new RegExp(
  `^(?<namespace>${LABEL}):(?<package>${LABEL})/(?<interface>${LABEL})(?:@(?<version>${VERSION}))?$`,
  "u",
);

/**
 * The parts of `name` if it is the full name of an interface, such as `tusk:plugin/http-plugin@0.1.0`;
 * `undefined` for anything else, such as the plain name of a function.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#import-and-export-definitions
 */
export function parseInterfaceName(name: string): InterfaceName | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const parts = INTERFACE.exec(name)?.groups;
  if (!parts) return undefined;
  const { namespace = "", package: packageName = "", interface: interfaceName = "", version } = parts;
  return { namespace, package: packageName, interface: interfaceName, version };
}
