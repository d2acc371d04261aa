// Prints what the consumer of the page reads of each event of a file, one a line.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range bytes.Split(bytes.TrimSpace(text), []byte("\n")) {
		facts, err := FactsOf(line)
		if err != nil {
			log.Fatalf("%v: %s", err, line)
		}
		printed, err := json.Marshal(facts)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(printed))
	}
}
