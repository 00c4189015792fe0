"""Names of the statuses, modes, node fields and array entries that the kernels share.

All that a kernel works on lives in three arrays: `f` (floats), `n` (integers) and `u` (bit words).
The integers begin with the parameters and offsets named below; each array ends with its part of the
stack.  Few arguments keep calls cheap: numba passes an array as seven words.

A ray is `d + 1` homogeneous coordinates, the largest of them (`rho`) and an error bound (`delta`):
0 when the coordinates are exact integers, else a bound on the error of each (and rho is 1).
"""

DONE, BUDGET, QUERY_SIGNS, QUERY_PIECES, OUTPUT_FULL = 0, 1, 2, 3, 4
GROW_FLOATS, GROW_INTS, GROW_BITS, GROW_NODES, GROW_SCRATCH, GROW_MASK, GROW_QUERIES = (
    5, 6, 7, 8, 9, 10, 11,
)
COUNT, CELLS = 0, 1
ROOT, CELL, FLAT, SPENT = 0, 1, 2, 3
# Fields of a node.
(KIND, LEVEL, NRAYS, NSLOTS, NCROSS, NEVAL, OFF_F, OFF_I, OFF_U, DIM, CURSOR, NEDGES,
 MAPS, NEXT) = range(14)
FIELDS = 14
# Floats of a vertex and the edge behind it, in the plane.
RECORD = 9
# Entries of `n`: the problem, the state of the machine, and where each part of the arrays begins.
(P_D, P_DEPTH, P_MODE, P_WORDS, P_PATTERN,
 TOP, FTOP, ITOP, UTOP, COUNTED, NQUERY, BY_FLOAT, BY_INTEGER, BY_QUERY, NOUT, OUT_F, OUT_I,
 OUT_U, PIECES, STEPS,
 P_WIDTH, P_PATTERN_AT, P_WEIGHT_AT, P_NEURON_AT,
 P_WEIGHTS, P_BIASES, P_EXTENT, P_MAGNITUDE, P_ERROR, P_FILTER, P_ROW_ERROR, P_LARGEST,
 P_MAPS, P_MAP_SIZE,
 P_HIGH, P_VALUES, P_LINES, P_RAYS, P_ROWS, P_PACKED, P_QVALUE, P_BOX,
 P_PAIR_P, P_PAIR_Q, P_ORDER, P_QRAY, P_QNEURON, P_PAIRS, P_RAY_ROOM, P_QUERIES,
 P_FIXED, P_MASKS, P_HEADER, P_NODES, P_DOMAIN, P_CLASS) = range(56)
PARAMETERS = 64
FREE_SLOT = -(1 << 62)
TWO53 = 9007199254740992.0
UNIT = 2.0**-53
# A new ray with a larger error is recomputed at once; one with an error above SHARP only when a
# sign at it is undecided (a verified solve costs a microsecond, a rational question a hundred).
REFRESH = 2.0**-32
SHARP = 2.0**-46
