import { parentPort, workerData } from "node:worker_threads";
import { Bindings } from "../component/bindings.ts";
import { HostError } from "../core/error.ts";
import { Turnstile } from "../engine/turnstile.ts";
import { Guest } from "./guest.ts";
import type { Birth, FromThread, ThreadData, ToThread } from "./message.ts";
import { toWire, type WireError } from "./wire-error.ts";

const thread = workerData as ThreadData;
const turnstile = new Turnstile();
const components = new Map<number, Bindings>();
const guests = new Map<number, Guest>();

parentPort?.on("message", (message: ToThread) => {
  switch (message.type) {
    case "ping":
      send({ type: "pong" });
      break;
    case "bind":
      components.set(message.component, new Bindings(message.compiled));
      send({ type: "bound", component: message.component });
      break;
    case "unbind":
      components.delete(message.component);
      break;
    case "create":
      send({ type: "created", instance: message.instance, failure: create(message.instance, message.birth) });
      break;
    case "call":
      void guests.get(message.instance)?.call(message.call);
      break;
    case "abort":
      guests.get(message.instance)?.abort();
      break;
    case "dispose":
      guests.get(message.instance)?.[Symbol.dispose]();
      guests.delete(message.instance);
      break;
    case "served":
      guests.get(message.instance)?.served(message.id, message.answer);
      break;
  }
});

/** @returns Why it could not be made, if so. */
function create(instance: number, birth: Birth): WireError | undefined {
  const bindings = components.get(birth.component);
  if (!bindings) throw new Error(`There is no component ${birth.component} here.`);
  try {
    const options = { bindings, turnstile, thread };
    guests.set(instance, new Guest(birth, { ...options, send: (sent) => send({ ...sent, instance }) }));
    return undefined;
  } catch (error) {
    if (HostError.is(error)) return toWire(error);
    throw error;
  }
}

function send(message: FromThread): void {
  parentPort?.postMessage(message);
}
