/** Stands in for axios in the build, where node-vault asks for it and then never calls it. */
export default {
  create() {
    throw new Error('axios is not part of this build');
  },
};
