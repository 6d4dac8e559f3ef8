export function act() {}
