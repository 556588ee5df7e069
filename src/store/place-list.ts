import { assert } from '../core/base/assert.ts';

/** The different values that occurred, each once, by their order of coming. */
export class PlaceList<T> {
  readonly values: T[] = [];
  private readonly places = new Map<string, number>();
  private readonly placeMax: number;

  constructor(placeMax: number) {
    this.placeMax = placeMax;
  }

  placeOf(value: T): number {
    const key = JSON.stringify(value);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const place = this.values.length;
    assert(place <= this.placeMax, 'A packed row can point to every value of its close.');
    this.values.push(value);
    this.places.set(key, place);
    return place;
  }
}
