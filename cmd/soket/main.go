// Command soket takes reports in and gives trends out.
package main

func main() {}
