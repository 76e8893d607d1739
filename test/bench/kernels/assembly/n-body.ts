// Five bodies that attract each other: floating point, over objects with fields.

class Body {
  constructor(
    public x: f64,
    public y: f64,
    public z: f64,
    public vx: f64,
    public vy: f64,
    public vz: f64,
    public mass: f64,
  ) {}
}

const bodies = new StaticArray<Body>(5);

export function run(rounds: i32): f64 {
  for (let i = 0; i < 5; i++) {
    const k = <f64>i;
    bodies[i] = new Body(k * 1.1, k * 0.7 + 1, 0.3 - k, 0.01 * k, 0.02, 0.03 - 0.01 * k, 1 + k * 0.2);
  }
  for (let i = 0; i < rounds * 10_000; i++) advance(0.001);
  return energy();
}

function advance(dt: f64): void {
  for (let i = 0; i < 5; i++) {
    const a = bodies[i];
    for (let j = i + 1; j < 5; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const distance2 = dx * dx + dy * dy + dz * dz + 0.01;
      const magnitude = dt / (distance2 * sqrt(distance2));
      const ma = a.mass * magnitude;
      const mb = b.mass * magnitude;
      a.vx -= dx * mb;
      a.vy -= dy * mb;
      a.vz -= dz * mb;
      b.vx += dx * ma;
      b.vy += dy * ma;
      b.vz += dz * ma;
    }
  }
  for (let i = 0; i < 5; i++) {
    const body = bodies[i];
    body.x += dt * body.vx;
    body.y += dt * body.vy;
    body.z += dt * body.vz;
  }
}

function energy(): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < 5; i++) {
    const body = bodies[i];
    sum += 0.5 * body.mass * (body.vx * body.vx + body.vy * body.vy + body.vz * body.vz);
  }
  return sum;
}
