import { placeAll } from "../kit/placement.ts";

placeAll("worker");
await import("./attackers.test.ts");
