import { placeAll } from "../kit/placement.ts";

placeAll("worker");
await import("./engine-calls.test.ts");
