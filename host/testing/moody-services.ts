import { setTimeout } from "node:timers/promises";
import { ServiceError } from "../component/contract/service-error.ts";
import { SERVICES, type ServiceName, type Services } from "../component/contract/services.ts";

/** How services behave that could be better: they refuse everything, or think about it first. */
export type Mood = "failing" | "slow";

/** Milliseconds that a slow service takes to begin. */
const SLOWNESS_MS = 20;

/** The same services, but in a mood those that may make a plugin wait. What they hand out is in that mood, too. */
export function moodyServices(services: Services, mood: Mood): Services {
  const names = Object.keys(services) as ServiceName[];
  const moody = names.map((name) => {
    const service: object | undefined = services[name];
    return [name, service && SERVICES[name].waits ? inMood(service, mood) : service];
  });
  return Object.fromEntries(moody);
}

function inMood<T extends object>(target: T, mood: Mood): T {
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key, object);
      if (typeof value !== "function" || typeof key === "symbol") return bound(object, value);
      return async (...args: unknown[]) => {
        if (mood === "failing") throw new ServiceError("unavailable", "It cannot be reached now.");
        await setTimeout(SLOWNESS_MS);
        const answer: unknown = await Reflect.apply(value, object, args);
        return isResource(answer) ? inMood(answer, mood) : answer;
      };
    },
  });
}

function bound(object: object, value: unknown): unknown {
  return typeof value === "function" ? value.bind(object) : value;
}

function isResource(answer: unknown): answer is object {
  return typeof answer === "object" && answer !== null && Symbol.dispose in answer;
}
