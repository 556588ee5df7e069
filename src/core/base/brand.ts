declare const brand: unique symbol;

/**
 * A nominal type: a `T` that only the parser beside the type's declaration may mint.
 * It costs nothing at run time.
 */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
