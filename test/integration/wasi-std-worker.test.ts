import { placeAll } from "../kit/placement.ts";

placeAll("worker");
await import("./wasi-std.test.ts");
