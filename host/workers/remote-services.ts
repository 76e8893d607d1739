import { camelCase, type Functions, type Resource } from "../component/contract/function.ts";
import {
  type ServiceInterface,
  type ServiceName,
  SERVICES,
  type Services,
} from "../component/contract/services.ts";
import type { Type } from "../marshal/type.ts";
import { createClockService } from "../services/clock.ts";
import { createConfigService } from "../services/config.ts";
import { createRandomService } from "../services/random.ts";
import { clockOffsetMs } from "./clock-offset.ts";
import type { Birth, Question, ThreadData } from "./message.ts";
import type { ServiceLine } from "./service-line.ts";

/**
 * The services of an instance in a thread. What waits is asked of the host. Of what does not wait, settings,
 * randomness and the system's time are had here, and log lines are sent.
 */
export function remoteServices(
  { plugin, services, config }: Birth,
  { systemTime, hostOffsetMs }: ThreadData,
  line: ServiceLine,
): Services {
  const waiting = services.filter((name) => SERVICES[name].waits);
  const time = {
    now: () => Date.now(),
    // The same that the host's own thread tells.
    monotonic: () => performance.now() + clockOffsetMs - hostOffsetMs,
  };
  return {
    config: createConfigService(config),
    random: createRandomService(plugin),
    logger: { log: (...entry) => line.log(entry) },
    clock: systemTime ? createClockService(time) : askedNow("clock", line),
    ...(Object.fromEntries(waiting.map((name) => [name, asked(name, line)])) as Partial<Services>),
  };
}

type Stub = Record<string, (...args: unknown[]) => unknown>;

function asked(service: ServiceName, line: ServiceLine): Stub {
  return stub(SERVICES[service].functions, service, line);
}

function stub(
  functions: Functions<Type<unknown> | Resource>,
  service: ServiceName,
  line: ServiceLine,
  resource?: Question["resource"],
): Stub {
  const methods = Object.entries(functions).map(([name, { result }]) => {
    const method = camelCase(name);
    const call = async (...args: unknown[]) => {
      const answer = await line.ask({ service, function: method, resource, args });
      return "resource" in result ? resourceStub(service, result.resource, answer as number, line) : answer;
    };
    return [method, call] as const;
  });
  return Object.fromEntries(methods);
}

function resourceStub(
  service: ServiceName,
  name: string,
  handle: number,
  line: ServiceLine,
): Stub & Disposable {
  const { resources }: ServiceInterface = SERVICES[service];
  const methods = stub(resources[name] ?? {}, service, line, { name, handle });
  return Object.assign(methods, { [Symbol.dispose]: () => line.drop(handle) });
}

function askedNow(service: "clock", line: ServiceLine): Services["clock"] {
  const methods = Object.keys(SERVICES[service].functions).map((name) => {
    const method = camelCase(name);
    return [method, (...args: unknown[]) => line.askNow({ service, function: method, args })] as const;
  });
  return Object.fromEntries(methods) as unknown as Services["clock"];
}
