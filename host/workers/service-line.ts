import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { ServiceError } from "../component/contract/service-error.ts";
import { encodeJson } from "../marshal/json.ts";
import { compact } from "./compact.ts";
import type { FromInstance, LogLine, Question, ServiceAnswer } from "./message.ts";
import { fromWire } from "./wire-error.ts";

/** What an instance may log before it waits until the host has heard it, in bytes. */
const MAX_UNHEARD_BYTES = 65_536;

/** What a log line counts, beside its text. */
const LINE_BYTES = 256;

/** How answers come to a thread that stands still for them. @see ThreadData */
interface AnswersNow {
  readonly answered: Int32Array<SharedArrayBuffer>;
  readonly answers: MessagePort;
}

/** A message of an instance's, without the instance. */
export type Send = (message: Unaddressed<FromInstance>) => void;
type Unaddressed<Message> = Message extends unknown ? Omit<Message, "instance"> : never;

/** The line from an instance in a thread to its services, which stay in the host's. */
export class ServiceLine {
  readonly #send: Send;
  readonly #now: AnswersNow;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;
  #unheardBytes = 0;

  constructor(send: Send, now: AnswersNow) {
    this.#send = send;
    this.#now = now;
  }

  /** The value that a service answers with, or the number of a resource that it gives. */
  ask(question: Question): Promise<unknown> {
    const id = this.#asked++;
    const open = Promise.withResolvers<unknown>();
    this.#open.set(id, open);
    this.#send({ type: "ask", id, question: { ...question, args: compactAll(question.args) } });
    return open.promise;
  }

  /** The same for a service that does not wait. The thread stands still meanwhile. */
  askNow(question: Question): unknown {
    const { answered, answers } = this.#now;
    const before = Atomics.load(answered, 0);
    this.#send({ type: "ask-now", question: { ...question, args: compactAll(question.args) } });
    Atomics.wait(answered, 0, before);
    return valueOf(receiveMessageOnPort(answers)?.message as ServiceAnswer);
  }

  /**
   * Logs a line without waiting for it. Only who logs more than the host can hear waits: otherwise lines would pile
   * up there without end.
   */
  log(line: LogLine): void {
    const [, message, fields] = line;
    this.#unheardBytes +=
      LINE_BYTES + message.length + (fields === undefined ? 0 : encodeJson(fields).length);
    if (this.#unheardBytes < MAX_UNHEARD_BYTES) {
      this.#send({ type: "log", line });
      return;
    }
    this.askNow({ service: "logger", function: "log", args: line });
    this.#unheardBytes = 0;
  }

  /** The plugin has no use for a resource any more. */
  drop(handle: number): void {
    this.#send({ type: "drop", handle });
  }

  /** The host has answered. */
  served(id: number, answer: ServiceAnswer): void {
    const asked = this.#open.get(id);
    this.#open.delete(id);
    try {
      asked?.resolve(valueOf(answer));
    } catch (error) {
      asked?.reject(error);
    }
  }
}

function valueOf(answer: ServiceAnswer): unknown {
  switch (answer.type) {
    case "value":
      return answer.value;
    case "handle":
      return answer.handle;
    case "refused":
      throw new ServiceError(answer.kind, answer.message);
    case "misused":
      throw fromWire(answer.error);
    case "fault":
      break;
  }
  throw new Error("A service failed: the host knows why.");
}

function compactAll(args: readonly unknown[]): unknown[] {
  return args.map(compact);
}
