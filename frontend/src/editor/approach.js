// Brings a shape or a flow to the middle of the canvas, large enough that its name can be read.

const READABLE = 0.8;

export function approach(canvas, element) {
  const scale = Math.max(canvas.zoom(), READABLE);
  const { outer } = canvas.viewbox();
  const [width, height] = [outer.width / scale, outer.height / scale];
  const { x, y } = middle(element);
  canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height });
}

function middle({ waypoints, x, y, width, height }) {
  if (!waypoints) return { x: x + width / 2, y: y + height / 2 };
  const at = (name) => (waypoints[0][name] + waypoints.at(-1)[name]) / 2;
  return { x: at("x"), y: at("y") };
}
