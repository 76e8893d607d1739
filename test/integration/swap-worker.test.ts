import { placeAll } from "../kit/placement.ts";

placeAll("worker");
await import("./swap.test.ts");
