import { camelCase } from "../component/contract/function.ts";
import { ServiceError } from "../component/contract/service-error.ts";
import { type ServiceInterface, SERVICES, type Services } from "../component/contract/services.ts";
import { HostError } from "../core/error.ts";
import { compact } from "./compact.ts";
import type { LogLine, Question, ServiceAnswer } from "./message.ts";
import { toWire } from "./wire-error.ts";

type Implementation = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** Where the services of one instance are asked on its behalf, and where what they gave it is kept. */
export class ServiceDesk implements Disposable {
  readonly #services: Services;
  readonly #resources = new Map<number, Implementation & Disposable>();
  #handles = 0;
  #disposed = false;
  #fault: unknown;

  constructor(services: Services) {
    this.#services = services;
  }

  /** What a service threw that failed. */
  get fault(): unknown {
    return this.#fault;
  }

  async answer(question: Question): Promise<ServiceAnswer> {
    try {
      return this.#give(question, await this.#call(question));
    } catch (error) {
      return this.#refuse(error);
    }
  }

  /** The answer of a service that does not wait. */
  answerNow(question: Question): ServiceAnswer {
    try {
      return this.#give(question, this.#call(question));
    } catch (error) {
      return this.#refuse(error);
    }
  }

  log(line: LogLine): void {
    this.#services.logger.log(...line);
  }

  /** The instance has no use for a resource any more. */
  drop(handle: number): void {
    const resource = this.#resources.get(handle);
    this.#resources.delete(handle);
    resource?.[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const handle of this.#resources.keys()) this.drop(handle);
  }

  #call({ service, resource, function: name, args }: Question): unknown {
    const implementation = resource ? this.#resources.get(resource.handle) : this.#services[service];
    const method = (implementation as Implementation | undefined)?.[name];
    if (!method) throw new Error(`The service ${service} has no ${name} to call.`);
    return method.apply(implementation, args as unknown[]);
  }

  #give(question: Question, value: unknown): ServiceAnswer {
    if (!givesResource(question)) return { type: "value", value: compact(value) };
    const handle = this.#handles++;
    this.#resources.set(handle, value as Implementation & Disposable);
    // The instance may have ended while it was opened.
    if (this.#disposed) this.drop(handle);
    return { type: "handle", handle };
  }

  #refuse(error: unknown): ServiceAnswer {
    if (error instanceof ServiceError) return { type: "refused", kind: error.kind, message: error.message };
    if (HostError.is(error, "SERVICE_MISUSED")) return { type: "misused", error: toWire(error) };
    this.#fault = error;
    return { type: "fault" };
  }
}

/** What gives a resource, by its name in JavaScript: `database.open`, `database.connection.begin`. */
const GIVING: ReadonlySet<string> = new Set(Object.entries(SERVICES).flatMap(givingIn));

function givingIn([service, { functions, resources }]: [string, ServiceInterface]): string[] {
  const owners = { [service]: functions };
  for (const [resource, methods] of Object.entries(resources)) owners[`${service}.${resource}`] = methods;
  return Object.entries(owners).flatMap(([owner, members]) =>
    Object.entries(members)
      .filter(([, { result }]) => "resource" in result)
      .map(([name]) => `${owner}.${camelCase(name)}`),
  );
}

function givesResource({ service, resource, function: name }: Question): boolean {
  return GIVING.has(`${resource ? `${service}.${resource.name}` : service}.${name}`);
}
