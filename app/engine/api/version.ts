/** Version of the product and of its published contract. */
export const VERSION = '0.1.0';
